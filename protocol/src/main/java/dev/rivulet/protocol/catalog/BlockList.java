package dev.rivulet.protocol.catalog;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.UrlHash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a site's operator took down (docs/protocol.md, section 4.7): content ids, and hashes of URLs. Which of both a hash
 * is need not be told, since nothing is known to be both. Immutable.
 */
public final class BlockList {
    /** Nothing is taken down. */
    public static final BlockList EMPTY = new BlockList(new TreeSet<>());

    private final SortedSet<Sha256> hashes;

    private BlockList(SortedSet<Sha256> hashes) {
        this.hashes = Collections.unmodifiableSortedSet(hashes);
    }

    /** A list of these; throws {@link IllegalArgumentException} beyond {@value Limits#MAX_BLOCKED_HASHES}. */
    public static BlockList of(Collection<Sha256> hashes) {
        SortedSet<Sha256> sorted = new TreeSet<>(hashes);
        if (sorted.size() > Limits.MAX_BLOCKED_HASHES) {
            throw new IllegalArgumentException(sorted.size() + " hashes");
        }
        return new BlockList(sorted);
    }

    /** Reads a list's bytes. */
    public static BlockList decode(byte[] bytes) throws DecodeException {
        if (bytes.length % Sha256.BYTES != 0) {
            throw new DecodeException("blocked", bytes.length + " bytes are no whole hashes");
        }
        int count = bytes.length / Sha256.BYTES;
        if (count > Limits.MAX_BLOCKED_HASHES) {
            throw new DecodeException("blocked", count + " hashes");
        }
        ByteBuffer source = ByteBuffer.wrap(bytes);
        List<Sha256> hashes = new ArrayList<>();
        while (source.hasRemaining()) {
            hashes.add(Sha256.read(source));
        }
        return of(hashes);
    }

    /** The canonical bytes, a new array. */
    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(hashes.size() * Sha256.BYTES);
        hashes.forEach(hash -> hash.write(bytes));
        return bytes.array();
    }

    /** The hash by which a head names it; empty for the empty list, which no head names. */
    public Optional<ShardHash> name() {
        return hashes.isEmpty() ? Optional.empty() : Optional.of(new ShardHash(Sha256.of(encode())));
    }

    /** The hashes, in ascending order. */
    public SortedSet<Sha256> hashes() {
        return hashes;
    }

    /** Whether a content is taken down. */
    public boolean has(ContentId content) {
        return hashes.contains(content.hash());
    }

    /** Whether a URL is taken down, whatever its content. */
    public boolean has(UrlHash url) {
        return hashes.contains(url.hash());
    }

    /** Whether an entry is of either. */
    public boolean has(Entry entry) {
        return has(entry.content()) || has(entry.url());
    }
}
