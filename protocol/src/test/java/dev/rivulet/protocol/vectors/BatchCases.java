package dev.rivulet.protocol.vectors;

import static dev.rivulet.protocol.vectors.CatalogCase.ready;
import static dev.rivulet.protocol.vectors.Payloads.NOW;
import static dev.rivulet.protocol.vectors.Payloads.batch;
import static dev.rivulet.protocol.vectors.Payloads.batchOf;
import static dev.rivulet.protocol.vectors.Payloads.entry;
import static dev.rivulet.protocol.vectors.Payloads.signedBatch;
import static dev.rivulet.protocol.vectors.Payloads.signedHead;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.fixtures.TestKeys;
import java.util.List;
import java.util.stream.Stream;

/** Batches upon heads. */
final class BatchCases {
    private static final String HEAD = signedHead(1, 1);

    private BatchCases() {}

    static List<CatalogCase> all() {
        return Stream.of(sequences(), refusals(), entries())
                .flatMap(List::stream)
                .toList();
    }

    private static CatalogCase held(String name) {
        return ready(name).head("taken", HEAD);
    }

    private static List<CatalogCase> sequences() {
        return List.of(
                held("batches in order")
                        .batch("taken", signedBatch(1, 1, 1))
                        .batch("known", signedBatch(1, 1, 1))
                        .batch("taken", signedBatch(1, 1, 2))
                        .batch("known", signedBatch(1, 1, 1)),
                held("a batch is missing")
                        .batch("taken", signedBatch(1, 1, 1))
                        .batch("taken", signedBatch(1, 1, 3))
                        .batch("known", signedBatch(1, 1, 2)),
                held("a known number with other content")
                        .batch("taken", signedBatch(1, 1, 1))
                        .batch("known", signedBatch(batch(1, 1, 1).put("notAfter", NOW + 5))),
                held("a new head begins anew")
                        .batch("taken", signedBatch(1, 1, 1))
                        .head("taken", signedHead(1, 2))
                        .batchRefused("rollback", signedBatch(1, 1, 2))
                        .batch("taken", signedBatch(1, 2, 1)),
                held("a batch of a later head")
                        .batch("ahead", signedBatch(1, 2, 1))
                        .head("taken", signedHead(1, 2))
                        .batch("taken", signedBatch(1, 2, 1)),
                ready("a batch of an earlier epoch")
                        .head("taken", signedHead(1, 1))
                        .batchRefused("rollback", signedBatch(0, 5, 1)),
                ready("a batch before any head").batch("ahead", signedBatch(1, 1, 1)),
                held("batches after a restart")
                        .batch("taken", signedBatch(1, 1, 2))
                        .restart()
                        .batch("known", signedBatch(1, 1, 1))
                        .batch("known", signedBatch(1, 1, 2))
                        .batch("taken", signedBatch(1, 1, 3)),
                held("the same head again keeps the batches")
                        .batch("taken", signedBatch(1, 1, 2))
                        .head("known", HEAD)
                        .batch("known", signedBatch(1, 1, 2)),
                held("a refused batch changes nothing")
                        .batchRefused("expired", signedBatch(batch(1, 1, 5).put("notAfter", NOW - 1)))
                        .batch("taken", signedBatch(1, 1, 1)));
    }

    private static List<CatalogCase> refusals() {
        return List.of(
                held("batch: typ of a head").batchRefused("type", HEAD),
                held("batch: signed by a stranger")
                        .batchRefused("delegation", RawJws.of(Payloads.BATCH, batch(1, 1, 1), TestKeys.STRANGER)),
                held("batch: signed by a stranger in the tracker's name")
                        .batchRefused(
                                "signature",
                                RawJws.of(
                                        RawJws.header(Payloads.BATCH, TestKeys.TRACKER),
                                        batch(1, 1, 1).toString(),
                                        TestKeys.STRANGER)),
                held("batch: of another site")
                        .batchRefused("site", signedBatch(batch(1, 1, 1).put("site", "other"))),
                held("batch: not yet")
                        .batchRefused("not-yet", signedBatch(batch(1, 1, 1).put("issuedAt", NOW + 301))),
                held("batch: expired")
                        .batchRefused("expired", signedBatch(batch(1, 1, 1).put("notAfter", NOW - 1))),
                held("batch: of an epoch that nobody was delegated to")
                        .batchRefused("delegation", signedBatch(2, 1, 1)),
                held("batch: expired before ahead")
                        .batchRefused("expired", signedBatch(batch(1, 9, 1).put("notAfter", NOW - 1))),
                held("batch: number 0").batchRefused("malformed", signedBatch(1, 1, 0)),
                held("batch: no number")
                        .batchRefused("malformed", signedBatch(batch(1, 1, 1).without("batch"))),
                held("batch: no entries")
                        .batchRefused("malformed", signedBatch(batch(1, 1, 1).without("entries"))),
                held("batch: no removed")
                        .batchRefused("malformed", signedBatch(batch(1, 1, 1).without("removed"))),
                held("batch: a removed URL instead of its hash")
                        .batchRefused("malformed", signedBatch(removing(1, "https://example.com/"))),
                held("batch: 64 removed").batch("taken", signedBatch(removing(64, Payloads.hash("x")))),
                held("batch: 65 removed").batchRefused("malformed", signedBatch(removing(65, Payloads.hash("x")))),
                held("batch: 64 removed and an entry").batchRefused("malformed", signedBatch(withEntry(64))),
                held("batch: 63 removed and an entry").batch("taken", signedBatch(withEntry(63))));
    }

    private static ObjectNode removing(int count, String text) {
        ObjectNode batch = batch(1, 1, 1);
        ArrayNode removed = batch.putArray("removed");
        for (int i = 0; i < count; i++) {
            removed.add(text);
        }
        return batch;
    }

    private static ObjectNode withEntry(int removed) {
        ObjectNode batch = removing(removed, Payloads.hash("x"));
        batch.putArray("entries").add(entry());
        return batch;
    }

    private static List<CatalogCase> entries() {
        ObjectNode cookie = entry();
        cookie.putObject("headers").put("set-cookie", "a=b");
        return List.of(
                held("batch: an entry").batch("taken", signedBatch(batchOf(entry()))),
                held("batch: nothing at all").batch("taken", signedBatch(removing(0, ""))),
                held("batch: an entry without its layout")
                        .batchRefused("malformed", signedBatch(batchOf(entry().without("layout")))),
                held("batch: an entry with the layout of another content")
                        .batchRefused("malformed", signedBatch(batchOf(entry().put("content", Payloads.hash("x"))))),
                held("batch: an entry of another size than its layout")
                        .batchRefused("malformed", signedBatch(batchOf(entry().put("size", 6)))),
                held("batch: a bad entry after a good one")
                        .batchRefused("malformed", signedBatch(batchOf(entry(), entry().put("ranges", "yes")))),
                held("batch: an entry with a header off the list")
                        .batchRefused("malformed", signedBatch(batchOf(cookie))));
    }
}
