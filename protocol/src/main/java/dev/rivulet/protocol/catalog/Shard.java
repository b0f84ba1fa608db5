package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Part of a site's entries, sorted by URL hash (docs/protocol.md, section 4.2). */
public final class Shard {
    private static final String PLACE = "shard";

    /** How many entries could fit at all: none is shorter than this. */
    private static final int LEAST_ENTRY_BYTES = 64;

    private final List<Entry> entries;

    private Shard(List<Entry> entries) {
        this.entries = entries;
    }

    /** Reads a shard; whether it is the right one its hash says. */
    public static Shard decode(byte[] bytes) throws DecodeException {
        if (bytes.length > Limits.MAX_SHARD_BYTES) {
            throw new DecodeException(PLACE, "longer than " + Limits.MAX_SHARD_BYTES + " bytes");
        }
        JsonFields fields = Json.parse(PLACE, bytes);
        List<Entry> entries = fields.objects("entries", Limits.MAX_SHARD_BYTES / LEAST_ENTRY_BYTES, Entry::decode);
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i - 1).url().compareTo(entries.get(i).url()) >= 0) {
                throw fields.refused("entries[" + i + "].url", "not in ascending order");
            }
        }
        return new Shard(List.copyOf(entries));
    }

    /** The bytes of the shard of these entries, already sorted. */
    static byte[] encode(List<Entry> sorted) {
        ObjectNode node = Json.object();
        node.set("entries", Json.nodes(sorted, Entry::encode));
        return Json.write(node).getBytes(StandardCharsets.UTF_8);
    }

    /** All of them, in ascending order of their URL hashes. */
    public List<Entry> entries() {
        return entries;
    }

    /** The entry of a URL. */
    public Optional<Entry> find(UrlHash url) {
        int index = Collections.binarySearch(entries.stream().map(Entry::url).toList(), url);
        return index < 0 ? Optional.empty() : Optional.of(entries.get(index));
    }
}
