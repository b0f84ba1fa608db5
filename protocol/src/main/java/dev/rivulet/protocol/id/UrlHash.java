package dev.rivulet.protocol.id;

import dev.rivulet.protocol.DecodeException;

/** The SHA-256 of a canonical URL, by which entries are found. */
public record UrlHash(Sha256 hash) implements Comparable<UrlHash> {
    /** Reads the base64url text. */
    public static UrlHash parse(String text) throws DecodeException {
        return new UrlHash(Sha256.parse(text));
    }

    /** The base64url text, 43 characters. */
    public String text() {
        return hash.text();
    }

    @Override
    public int compareTo(UrlHash other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return text();
    }
}
