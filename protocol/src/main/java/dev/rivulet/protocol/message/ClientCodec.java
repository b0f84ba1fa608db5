package dev.rivulet.protocol.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.ClientMessage.Missing;
import dev.rivulet.protocol.message.ClientMessage.Proof;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.ClientMessage.Signal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON of what clients send to trackers. */
final class ClientCodec {
    private ClientCodec() {}

    static ClientMessage decode(String type, JsonFields fields) throws DecodeException {
        return switch (type) {
            case "hello" -> hello(fields);
            case "announce" -> announce(fields);
            case "lookup" -> lookup(fields);
            case "signal" ->
                fields.make(() -> new Signal(
                        fields.value("to", PeerId::parse), fields.text("session"), SignalCodec.decode(fields)));
            case "missing" ->
                fields.make(() -> new Missing(fields.values("urls", Limits.MAX_MISSING_URLS, ResourceUrl::parse)));
            case "report" -> ReportCodec.decode(fields);
            case "index-hashes" -> IndexCodec.hashes(fields);
            case "indexed" -> IndexCodec.indexed(fields);
            case "proof" -> fields.make(() -> new Proof(fields.text("proof")));
            case "http-ready" -> new HttpReady();
            default -> new Unknown(type);
        };
    }

    private static Hello hello(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Hello(
                fields.value("site", SiteId::parse),
                fields.value("role", Role::parse),
                fields.text("agent"),
                fields.optionalText("token"),
                fields.optionalText("resume"),
                fields.values("features", Limits.MAX_FEATURES, text -> text),
                fields.optionalValue("http", ResourceUrl::parseBase),
                fields.optionalValue("mode", ClientCodec::mode),
                fields.optionalValue("key", PublicKey::parse),
                fields.optionalObject("hints", HintCodec::wishes)));
    }

    private static PrivacyMode mode(String text) throws DecodeException {
        return PrivacyMode.of(text).orElseThrow(() -> new DecodeException("mode", "neither open nor edges"));
    }

    private static Announce announce(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Announce(
                fields.values("have", Limits.MAX_ANNOUNCE_IDS, ContentId::parse),
                fields.values("drop", Limits.MAX_ANNOUNCE_IDS, ContentId::parse),
                fields.optionalValues("groups", Limits.MAX_GROUPS, Group::parse),
                fields.small("slots", Limits.MAX_SLOTS)));
    }

    private static Lookup lookup(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Lookup(
                fields.number("id"),
                fields.values("contents", Limits.MAX_LOOKUP_IDS, ContentId::parse),
                fields.small("count", Limits.MAX_PEERS),
                orEmpty(fields.optionalValues("exclude", Limits.MAX_EXCLUDED_PEERS, PeerId::parse))));
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    static ObjectNode encode(ClientMessage message) {
        if (message instanceof Hello hello) {
            return encode(hello);
        } else if (message instanceof Announce announce) {
            return encode(announce);
        } else if (message instanceof Lookup lookup) {
            return encode(lookup);
        } else if (message instanceof Signal signal) {
            ObjectNode node = typed("signal").put("to", signal.to().text()).put("session", signal.session());
            return SignalCodec.encode(node, signal.body());
        } else if (message instanceof Missing missing) {
            return typed("missing").set("urls", Json.texts(missing.urls(), ResourceUrl::text));
        } else if (message instanceof Report report) {
            return ReportCodec.encode(report);
        } else if (message instanceof IndexHashes part) {
            return IndexCodec.encode(part);
        } else if (message instanceof Indexed indexed) {
            return IndexCodec.encode(indexed);
        } else if (message instanceof Proof proof) {
            return typed("proof").put("proof", proof.proof());
        } else if (message instanceof HttpReady) {
            return typed("http-ready");
        }
        throw new IllegalArgumentException("nobody sends " + message);
    }

    private static ObjectNode encode(Hello hello) {
        ObjectNode node = typed("hello")
                .put("site", hello.site().text())
                .put("role", hello.role().text())
                .put("agent", hello.agent());
        if (hello.token() != null) {
            node.put("token", hello.token());
        }
        if (hello.resume() != null) {
            node.put("resume", hello.resume());
        }
        node.set("features", Json.texts(hello.features(), text -> text));
        if (hello.http() != null) {
            node.put("http", hello.http().text());
        }
        if (hello.mode() != null) {
            node.put("mode", hello.mode().text());
        }
        if (hello.key() != null) {
            node.put("key", hello.key().text());
        }
        HintWishes hints = hello.hints();
        if (hints != null) {
            node.set("hints", HintCodec.encode(hints));
        }
        return node;
    }

    private static ObjectNode encode(Announce announce) {
        ObjectNode node = typed("announce");
        node.set("have", Json.texts(announce.have(), ContentId::text));
        node.set("drop", Json.texts(announce.drop(), ContentId::text));
        if (announce.groups() != null) {
            node.set("groups", Json.texts(announce.groups(), Group::text));
        }
        return node.put("slots", announce.slots());
    }

    private static ObjectNode encode(Lookup lookup) {
        ObjectNode node = typed("lookup").put("id", lookup.id());
        node.set("contents", Json.texts(lookup.contents(), ContentId::text));
        node.put("count", lookup.count());
        if (!lookup.exclude().isEmpty()) {
            node.set("exclude", Json.texts(lookup.exclude(), PeerId::text));
        }
        return node;
    }

    static ObjectNode typed(String type) {
        return Json.object().put("type", type);
    }
}
