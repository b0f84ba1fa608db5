package dev.rivulet.protocol.id;

import dev.rivulet.protocol.DecodeException;

/** Which key signed: the RFC 7638 thumbprint of an Ed25519 public JWK. */
public record KeyId(Sha256 hash) implements Comparable<KeyId> {
    /** Reads the base64url text. */
    public static KeyId parse(String text) throws DecodeException {
        return new KeyId(Sha256.parse(text));
    }

    /** The base64url text, 43 characters. */
    public String text() {
        return hash.text();
    }

    @Override
    public int compareTo(KeyId other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return text();
    }
}
