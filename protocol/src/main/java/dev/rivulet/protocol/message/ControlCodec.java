package dev.rivulet.protocol.message;

import static dev.rivulet.protocol.message.ClientCodec.typed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import dev.rivulet.protocol.message.ControlMessage.Cancel;
import dev.rivulet.protocol.message.ControlMessage.Choke;
import dev.rivulet.protocol.message.ControlMessage.Close;
import dev.rivulet.protocol.message.ControlMessage.Fetching;
import dev.rivulet.protocol.message.ControlMessage.Have;
import dev.rivulet.protocol.message.ControlMessage.Hello;
import dev.rivulet.protocol.message.ControlMessage.LayoutAnswer;
import dev.rivulet.protocol.message.ControlMessage.LayoutRequest;
import dev.rivulet.protocol.message.ControlMessage.Part;
import dev.rivulet.protocol.message.ControlMessage.Ping;
import dev.rivulet.protocol.message.ControlMessage.Reject;
import dev.rivulet.protocol.message.ControlMessage.RejectReason;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.ShardAnswer;
import dev.rivulet.protocol.message.ControlMessage.ShardRequest;
import dev.rivulet.protocol.message.ControlMessage.Unchoke;
import dev.rivulet.protocol.message.ControlMessage.Want;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON of what peers send each other. */
final class ControlCodec {
    private static final int MOST_CODE = 9999;
    private static final List<String> HOLDINGS = List.of("complete", "pieces", "add");

    private ControlCodec() {}

    static ControlMessage decode(String type, JsonFields fields) throws DecodeException {
        return switch (type) {
            case "hello" -> hello(fields);
            case "want" ->
                fields.make(() -> new Want(
                        fields.values("contents", Limits.MAX_WANT_IDS, ContentId::parse), fields.mark("stop")));
            case "have" -> new Have(fields.value("content", ContentId::parse), holding(fields));
            case "fetching" -> fetching(fields);
            case "request" -> request(fields);
            case "cancel" -> fields.make(() -> new Cancel(fields.number("id")));
            case "reject" ->
                fields.make(() -> new Reject(fields.number("id"), fields.value("reason", RejectReason::parse)));
            case "choke" -> new Choke();
            case "unchoke" -> new Unchoke();
            case "layout" -> layout(fields);
            case "shard" -> shard(fields);
            case "ping" -> fields.make(() -> new Ping(fields.number("nonce"), fields.mark("reply")));
            case "close" -> fields.make(() -> new Close(fields.small("code", MOST_CODE), fields.text("reason")));
            default -> new Unknown(type);
        };
    }

    private static Hello hello(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Hello(
                fields.small("version", ControlMessage.VERSION),
                fields.text("agent"),
                fields.values("features", Limits.MAX_FEATURES, text -> text),
                fields.small("outstanding", Limits.MAX_OUTSTANDING_REQUESTS),
                fields.number("credit")));
    }

    private static Holding holding(JsonFields fields) throws DecodeException {
        return switch (fields.exactlyOne(HOLDINGS)) {
            case "complete" -> {
                fields.mark("complete");
                yield new Holding.Complete();
            }
            case "pieces" -> fields.make(() -> new Holding.Pieces(fields.value("pieces", Bitfield::parse)));
            default -> fields.make(() -> new Holding.Added(pieces("add", fields)));
        };
    }

    private static Fetching fetching(JsonFields fields) throws DecodeException {
        return fields.make(() ->
                new Fetching(fields.value("content", ContentId::parse), pieces("pieces", fields), fields.mark("stop")));
    }

    private static List<Integer> pieces(String field, JsonFields fields) throws DecodeException {
        // Larger ones than an int are out of range as well, whatever they are clamped to.
        return fields.numbers(field, Limits.MAX_HAVE_PIECES).stream()
                .map(piece -> (int) Math.min(piece, Limits.MAX_PIECES))
                .toList();
    }

    private static Request request(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Request(
                fields.number("id"),
                fields.value("content", ContentId::parse),
                fields.small("piece", Limits.MAX_PIECES - 1),
                part(fields),
                fields.optionalValue("url", ResourceUrl::parse)));
    }

    private static @Nullable Part part(JsonFields fields) throws DecodeException {
        return fields.has("begin") || fields.has("length")
                ? new Part(
                        fields.small("begin", Limits.MAX_PIECE_BYTES - 1),
                        fields.small("length", Limits.MAX_PIECE_BYTES))
                : null;
    }

    private static ControlMessage layout(JsonFields fields) throws DecodeException {
        boolean answer = fields.exactlyOne(List.of("content", "length")).equals("length");
        return answer
                ? fields.make(
                        () -> new LayoutAnswer(fields.number("id"), fields.small("length", Limits.MAX_LAYOUT_BYTES)))
                : fields.make(() -> new LayoutRequest(fields.number("id"), fields.value("content", ContentId::parse)));
    }

    private static ControlMessage shard(JsonFields fields) throws DecodeException {
        boolean answer = fields.exactlyOne(List.of("hash", "length")).equals("length");
        return answer
                ? fields.make(
                        () -> new ShardAnswer(fields.number("id"), fields.small("length", Limits.MAX_INDEX_BYTES)))
                : fields.make(() -> new ShardRequest(fields.number("id"), fields.value("hash", ShardHash::parse)));
    }

    static ObjectNode encode(ControlMessage message) {
        if (message instanceof Hello hello) {
            ObjectNode node = typed("hello").put("version", hello.version()).put("agent", hello.agent());
            node.set("features", Json.texts(hello.features(), text -> text));
            return node.put("outstanding", hello.outstanding()).put("credit", hello.credit());
        } else if (message instanceof Want want) {
            ObjectNode node = typed("want");
            node.set("contents", Json.texts(want.contents(), ContentId::text));
            return want.stop() ? node.put("stop", true) : node;
        } else if (message instanceof Have have) {
            return encode(have);
        } else if (message instanceof Fetching fetching) {
            ObjectNode node =
                    typed("fetching").put("content", fetching.content().text());
            fetching.pieces().forEach(node.putArray("pieces")::add);
            return fetching.stop() ? node.put("stop", true) : node;
        } else if (message instanceof Request request) {
            return encode(request);
        } else if (message instanceof Cancel cancel) {
            return typed("cancel").put("id", cancel.id());
        } else if (message instanceof Reject reject) {
            return typed("reject")
                    .put("id", reject.id())
                    .put("reason", reject.reason().text());
        } else if (message instanceof Choke) {
            return typed("choke");
        } else if (message instanceof Unchoke) {
            return typed("unchoke");
        } else if (message instanceof Ping ping) {
            ObjectNode node = typed("ping").put("nonce", ping.nonce());
            return ping.reply() ? node.put("reply", true) : node;
        } else if (message instanceof Close close) {
            return typed("close").put("code", close.code()).put("reason", close.reason());
        }
        return encodeBinaryAnnouncement(message);
    }

    private static ObjectNode encodeBinaryAnnouncement(ControlMessage message) {
        if (message instanceof LayoutRequest request) {
            return typed("layout")
                    .put("id", request.id())
                    .put("content", request.content().text());
        } else if (message instanceof LayoutAnswer answer) {
            return typed("layout").put("id", answer.id()).put("length", answer.length());
        } else if (message instanceof ShardRequest request) {
            return typed("shard")
                    .put("id", request.id())
                    .put("hash", request.hash().text());
        } else if (message instanceof ShardAnswer answer) {
            return typed("shard").put("id", answer.id()).put("length", answer.length());
        }
        throw new IllegalArgumentException("nobody sends " + message);
    }

    private static ObjectNode encode(Have have) {
        ObjectNode node = typed("have").put("content", have.content().text());
        if (have.holding() instanceof Holding.Pieces pieces) {
            return node.put("pieces", pieces.pieces().text());
        } else if (have.holding() instanceof Holding.Added added) {
            added.pieces().forEach(node.putArray("add")::add);
            return node;
        }
        return node.put("complete", true);
    }

    private static ObjectNode encode(Request request) {
        ObjectNode node = typed("request")
                .put("id", request.id())
                .put("content", request.content().text())
                .put("piece", request.piece());
        if (request.part() != null) {
            node.put("begin", request.part().begin())
                    .put("length", request.part().length());
        }
        if (request.url() != null) {
            node.put("url", request.url().text());
        }
        return node;
    }
}
