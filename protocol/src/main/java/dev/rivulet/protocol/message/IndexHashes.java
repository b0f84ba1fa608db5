package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.PieceHash;
import java.util.List;

/** The next piece hashes of what an {@link IndexRequest} asked for, in order. */
public record IndexHashes(long id, List<PieceHash> hashes) implements ClientMessage {
    public IndexHashes {
        Check.u32("id", id);
        hashes = Check.list("hashes", hashes, 1, Limits.MAX_INDEX_HASHES);
    }
}
