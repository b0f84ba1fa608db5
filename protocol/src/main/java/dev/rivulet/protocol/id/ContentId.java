package dev.rivulet.protocol.id;

import dev.rivulet.protocol.DecodeException;

/** What a resource's bytes are: the SHA-256 of their layout. Equal bytes have equal ids whatever their URL. */
public record ContentId(Sha256 hash) implements Comparable<ContentId> {
    /** Reads the base64url text. */
    public static ContentId parse(String text) throws DecodeException {
        return new ContentId(Sha256.parse(text));
    }

    /** The base64url text, 43 characters. */
    public String text() {
        return hash.text();
    }

    @Override
    public int compareTo(ContentId other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return text();
    }
}
