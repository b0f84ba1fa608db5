package dev.rivulet.protocol.message;

import static dev.rivulet.protocol.message.ClientCodec.typed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON of what trackers and indexing edges tell each other (docs/protocol.md, section 5.6). */
final class IndexCodec {
    private IndexCodec() {}

    static IndexRequest request(JsonFields fields) throws DecodeException {
        return fields.make(() -> new IndexRequest(
                fields.number("id"),
                fields.value("url", ResourceUrl::parse),
                fields.number("most"),
                fields.small("seconds", Limits.MAX_INDEX_SECONDS),
                fields.number("rate")));
    }

    static IndexStop stop(JsonFields fields) throws DecodeException {
        return fields.make(() -> new IndexStop(fields.number("id")));
    }

    static IndexHashes hashes(JsonFields fields) throws DecodeException {
        return fields.make(() -> new IndexHashes(fields.number("id"), fields.value("hashes", IndexCodec::pieceHashes)));
    }

    static Indexed indexed(JsonFields fields) throws DecodeException {
        String which = fields.exactlyOne(List.of("failed", "answer"));
        return fields.make(() -> which.equals("failed")
                ? Indexed.failed(fields.number("id"), fields.text("failed"))
                : Indexed.answered(fields.number("id"), fields.object("answer", IndexCodec::answer)));
    }

    private static Indexed.Answer answer(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Indexed.Answer(
                fields.small("status", Integer.MAX_VALUE),
                fields.object("headers", IndexCodec::headers),
                fields.number("took"),
                fields.number("age"),
                fields.optionalObject("body", IndexCodec::body)));
    }

    private static HeaderFields headers(JsonFields fields) throws DecodeException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : fields.names()) {
            if (!Indexed.HEADER_NAMES.contains(name)) {
                throw fields.refused(name, "not on the list of headers");
            }
            List<String> lines = fields.values(name, Limits.MAX_INDEX_HEADER_LINES, text -> text);
            if (lines.isEmpty()) {
                throw fields.refused(name, "no line");
            }
            headers.put(name, lines);
        }
        return HeaderFields.of(headers);
    }

    private static Indexed.Body body(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Indexed.Body(fields.number("size"), fields.flag("ranges")));
    }

    private static List<PieceHash> pieceHashes(String text) throws DecodeException {
        byte[] bytes = Base64Url.decode(text);
        if (bytes.length % Sha256.BYTES != 0 || bytes.length > Limits.MAX_INDEX_HASHES * Sha256.BYTES) {
            throw new DecodeException("hashes", bytes.length + " bytes are not that many hashes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<PieceHash> hashes = new ArrayList<>(bytes.length / Sha256.BYTES);
        while (buffer.hasRemaining()) {
            hashes.add(new PieceHash(Sha256.read(buffer)));
        }
        return hashes;
    }

    static ObjectNode encode(IndexRequest request) {
        return typed("index")
                .put("id", request.id())
                .put("url", request.url().text())
                .put("most", request.most())
                .put("seconds", request.seconds())
                .put("rate", request.rate());
    }

    static ObjectNode encode(IndexStop stop) {
        return typed("index-stop").put("id", stop.id());
    }

    static ObjectNode encode(IndexHashes part) {
        ByteBuffer bytes = ByteBuffer.allocate(part.hashes().size() * Sha256.BYTES);
        part.hashes().forEach(hash -> hash.hash().write(bytes));
        return typed("index-hashes").put("id", part.id()).put("hashes", Base64Url.encode(bytes.array()));
    }

    static ObjectNode encode(Indexed indexed) {
        ObjectNode node = typed("indexed").put("id", indexed.id());
        Indexed.Answer answer = indexed.answer();
        if (answer == null) {
            return node.put("failed", indexed.failed());
        }
        ObjectNode said = node.putObject("answer").put("status", answer.status());
        ObjectNode headers = said.putObject("headers");
        for (String name : answer.headers().names()) {
            headers.set(name, Json.texts(answer.headers().all(name), value -> value));
        }
        said.put("took", answer.tookSeconds()).put("age", answer.ageSeconds());
        Indexed.Body body = answer.body();
        if (body != null) {
            said.putObject("body").put("size", body.size()).put("ranges", body.ranges());
        }
        return node;
    }
}
