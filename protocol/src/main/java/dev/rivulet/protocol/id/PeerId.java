package dev.rivulet.protocol.id;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** A peer for one page load or edge start: 16 random bytes. Ordered by its text, as the offer rule compares. */
public record PeerId(long high, long low) implements Comparable<PeerId> {
    /** Bytes of a peer id. */
    public static final int BYTES = 2 * Long.BYTES;

    /** A new id; {@code random} has to be unpredictable, since an id is what a peer is called by. */
    public static PeerId random(RandomGenerator random) {
        return new PeerId(random.nextLong(), random.nextLong());
    }

    /** Reads the base64url text. */
    public static PeerId parse(String text) throws DecodeException {
        ByteBuffer bytes = ByteBuffer.wrap(Base64Url.decode(text, BYTES));
        return new PeerId(bytes.getLong(), bytes.getLong());
    }

    /** The base64url text, 22 characters. */
    public String text() {
        return Base64Url.encode(
                ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array());
    }

    @Override
    public int compareTo(PeerId other) {
        return text().compareTo(other.text());
    }

    @Override
    public String toString() {
        return text();
    }
}
