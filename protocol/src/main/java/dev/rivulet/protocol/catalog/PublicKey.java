package dev.rivulet.protocol.catalog;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * An Ed25519 public key (RFC 8032): the {@code x} of its JWK (RFC 8037).
 *
 * @param text base64url of its {@link #BYTES} bytes
 */
public record PublicKey(String text) {
    /** Bytes of a public key. */
    public static final int BYTES = 32;

    public PublicKey {
        try {
            Base64Url.decode(text, BYTES);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("not a public key", e);
        }
    }

    /** Reads the base64url text. */
    public static PublicKey parse(String text) throws DecodeException {
        Base64Url.decode(text, BYTES);
        return new PublicKey(text);
    }

    /** Its RFC 7638 thumbprint: members in the order of their names, no white space. */
    public KeyId keyId() {
        return new KeyId(Sha256.of(jwk().getBytes(StandardCharsets.US_ASCII)));
    }

    /** The JWK with the required members only. */
    String jwk() {
        return "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + text + "\"}";
    }

    @Override
    public String toString() {
        return text;
    }
}
