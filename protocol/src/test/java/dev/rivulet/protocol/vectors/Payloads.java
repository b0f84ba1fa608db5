package dev.rivulet.protocol.vectors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.fixtures.Samples;
import dev.rivulet.protocol.fixtures.TestKeys;
import dev.rivulet.protocol.id.Sha256;

/** Payloads of heads, batches and delegations, and the same signed. */
final class Payloads {
    static final String HEAD = "rivulet-head";
    static final String BATCH = "rivulet-batch";
    static final String DELEGATION = "rivulet-delegation";
    static final long NOW = Samples.NOW;

    private static final int HALF_LAYOUT_HEADER = 8;

    private Payloads() {}

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A delegation of the tracker's key for epochs up to 1, valid around now. */
    static ObjectNode delegation() {
        return object().put("site", "demo")
                .put("key", TestKeys.TRACKER.publicKey().text())
                .put("role", "tracker")
                .put("epoch", 1)
                .put("notBefore", NOW - 300)
                .put("notAfter", NOW + 864_000);
    }

    static String signedDelegation() {
        return signedDelegation(delegation());
    }

    static String signedDelegation(ObjectNode payload) {
        return RawJws.of(DELEGATION, payload, TestKeys.ROOT);
    }

    /** A head of an empty catalog, issued now, valid for a day. */
    static ObjectNode head(long epoch, long sequence) {
        ObjectNode head = object().put("site", "demo")
                .put("epoch", epoch)
                .put("sequence", sequence)
                .put("issuedAt", NOW)
                .put("notAfter", NOW + 86_400);
        head.putNull("previous");
        return head.put("depth", 0)
                .put("root", Sha256.of(new byte[Sha256.BYTES]).text());
    }

    static String signedHead(long epoch, long sequence) {
        return signedHead(head(epoch, sequence));
    }

    static String signedHead(ObjectNode payload) {
        return RawJws.of(HEAD, payload, TestKeys.TRACKER);
    }

    /** A batch that removes one URL, issued now, valid for a day. */
    static ObjectNode batch(long epoch, long sequence, long batch) {
        ObjectNode node = object().put("site", "demo")
                .put("epoch", epoch)
                .put("sequence", sequence)
                .put("batch", batch)
                .put("issuedAt", NOW)
                .put("notAfter", NOW + 86_400);
        node.putArray("entries");
        node.putArray("removed").add(hash("https://example.com/" + batch));
        return node;
    }

    static String signedBatch(long epoch, long sequence, long batch) {
        return signedBatch(batch(epoch, sequence, batch));
    }

    static String signedBatch(ObjectNode payload) {
        return RawJws.of(BATCH, payload, TestKeys.TRACKER);
    }

    /** An entry of the five bytes "hello". */
    static ObjectNode entry() {
        byte[] layout = layoutOfHello();
        ObjectNode entry = object().put("url", hash("https://example.com/hello"))
                .put("content", Sha256.of(layout).text())
                .put("size", 5)
                .put("layout", Base64Url.encode(layout));
        entry.putObject("headers").put("content-type", "text/plain");
        return entry.put("etag", "\"1\"").put("freshUntil", NOW + 60).put("ranges", true);
    }

    static ObjectNode batchOf(ObjectNode... entries) {
        ObjectNode batch = batch(1, 1, 1);
        ArrayNode list = batch.putArray("entries");
        for (ObjectNode entry : entries) {
            list.add(entry);
        }
        return batch;
    }

    private static byte[] layoutOfHello() {
        // Written out here, so that the vector does not depend on the class it tests.
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(2 * HALF_LAYOUT_HEADER + Sha256.BYTES);
        bytes.put(new byte[] {'R', 'V', 'L', '1'}).putLong(5).putInt(262_144);
        return bytes.put(Sha256.of(new byte[] {'h', 'e', 'l', 'l', 'o'}).bytes())
                .array();
    }

    static String hash(String text) {
        return Sha256.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)).text();
    }
}
