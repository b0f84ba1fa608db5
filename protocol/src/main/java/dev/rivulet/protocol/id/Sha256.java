package dev.rivulet.protocol.id;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A SHA-256 digest, immutable; ordered bytewise, unsigned.
 *
 * <p>Four longs rather than an array, because a tracker holds millions of them.
 */
public record Sha256(long a, long b, long c, long d) implements Comparable<Sha256> {
    /** Bytes of a digest. */
    public static final int BYTES = 32;

    /** 32 zero bytes, which no input is known to hash to. */
    public static final Sha256 ZERO = new Sha256(0, 0, 0, 0);

    /** The digest of {@code input}. */
    public static Sha256 of(byte[] input) {
        return ofDigest(digester().digest(input));
    }

    /** The digest of what remains in {@code input}, whose position does not change. */
    public static Sha256 of(ByteBuffer input) {
        MessageDigest digester = digester();
        digester.update(input.duplicate());
        return ofDigest(digester.digest());
    }

    /** Wraps {@link #BYTES} bytes that are already a digest. */
    public static Sha256 ofDigest(byte[] digest) {
        if (digest.length != BYTES) {
            throw new IllegalArgumentException("a digest of " + digest.length + " bytes");
        }
        return read(ByteBuffer.wrap(digest));
    }

    /** Takes the next {@link #BYTES} bytes of a big-endian buffer, which are already a digest. */
    public static Sha256 read(ByteBuffer source) {
        return new Sha256(source.getLong(), source.getLong(), source.getLong(), source.getLong());
    }

    /** Reads the base64url text of a digest. */
    public static Sha256 parse(String text) throws DecodeException {
        return ofDigest(Base64Url.decode(text, BYTES));
    }

    /** A new SHA-256 digester. */
    public static MessageDigest digester() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A new array of the digest's bytes. */
    public byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        write(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** Puts the digest's bytes into a big-endian buffer. */
    public void write(ByteBuffer target) {
        target.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    /** The first {@code bits} bits as a number; {@code bits} is 0 to 31. */
    public int prefix(int bits) {
        return bits == 0 ? 0 : (int) (a >>> (Long.SIZE - bits));
    }

    /** The base64url text, 43 characters. */
    public String text() {
        return Base64Url.encode(bytes());
    }

    @Override
    public int compareTo(Sha256 other) {
        int order = Long.compareUnsigned(a, other.a);
        order = order != 0 ? order : Long.compareUnsigned(b, other.b);
        order = order != 0 ? order : Long.compareUnsigned(c, other.c);
        return order != 0 ? order : Long.compareUnsigned(d, other.d);
    }

    @Override
    public String toString() {
        return text();
    }
}
