package dev.rivulet.protocol.id;

import dev.rivulet.protocol.DecodeException;

/** The SHA-256 of a piece's bytes. */
public record PieceHash(Sha256 hash) implements Comparable<PieceHash> {
    /** Reads the base64url text. */
    public static PieceHash parse(String text) throws DecodeException {
        return new PieceHash(Sha256.parse(text));
    }

    /** The base64url text, 43 characters. */
    public String text() {
        return hash.text();
    }

    @Override
    public int compareTo(PieceHash other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return text();
    }
}
