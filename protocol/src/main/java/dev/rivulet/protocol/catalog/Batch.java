package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.util.List;

/**
 * Changes to a catalog between two heads, signed by a delegated key (docs/protocol.md, section 4.1).
 *
 * @param site whose catalog
 * @param epoch of the head that it extends
 * @param sequence of the head that it extends
 * @param batch counts from 1 within that head
 * @param issuedAt seconds since 1970
 * @param notAfter seconds since 1970, inclusive
 * @param entries new or changed
 * @param removed URLs that have no entry any more
 */
public record Batch(
        SiteId site,
        long epoch,
        long sequence,
        long batch,
        long issuedAt,
        long notAfter,
        List<Entry> entries,
        List<UrlHash> removed) {

    static final String TYPE = "rivulet-batch";

    public Batch {
        Check.count("epoch", epoch);
        Check.count("sequence", sequence);
        Check.range("batch", batch, 1, Limits.MAX_INTEGER);
        Check.count("issuedAt", issuedAt);
        Check.count("notAfter", notAfter);
        entries = Check.list("entries", entries, 0, Limits.MAX_BATCH_ENTRIES);
        removed = Check.list("removed", removed, 0, Limits.MAX_BATCH_ENTRIES - entries.size());
    }

    static Batch decode(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Batch(
                fields.value("site", SiteId::parse),
                fields.number("epoch"),
                fields.number("sequence"),
                fields.number("batch"),
                fields.number("issuedAt"),
                fields.number("notAfter"),
                fields.objects("entries", Limits.MAX_BATCH_ENTRIES, Entry::decode),
                fields.values("removed", Limits.MAX_BATCH_ENTRIES, UrlHash::parse)));
    }

    ObjectNode encode() {
        ObjectNode node = Json.object();
        node.put("site", site.text())
                .put("epoch", epoch)
                .put("sequence", sequence)
                .put("batch", batch)
                .put("issuedAt", issuedAt)
                .put("notAfter", notAfter);
        node.set("entries", Json.nodes(entries, Entry::encode));
        node.set("removed", Json.texts(removed, UrlHash::text));
        return node;
    }
}
