package dev.rivulet.protocol.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** JWS texts made with the JDK alone, right ones and wrong ones. */
final class RawJws {
    private RawJws() {}

    /** The header that the protocol wants. */
    static ObjectNode header(String type, SigningKey key) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("alg", "EdDSA")
                .put("typ", type)
                .put("kid", key.keyId().text());
    }

    /** As the protocol wants it. */
    static String of(String type, JsonNode payload, SigningKey key) {
        return of(header(type, key), payload.toString(), key);
    }

    /** Signed, whatever the header says. */
    static String of(JsonNode header, String payload, SigningKey key) {
        return signed(part(header.toString()) + "." + part(payload), key);
    }

    static String signed(String input, SigningKey key) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            byte[] seed = Json.parse("key", key.privateJwk()).value("d", Base64Url::decode);
            signature.initSign(KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64Url.encode(signature.sign());
        } catch (GeneralSecurityException | DecodeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With a MAC whose secret is the public key, which a verifier that trusts {@code alg} would accept. */
    static String macOf(JsonNode header, String payload, SigningKey key) {
        try {
            String input = part(header.toString()) + "." + part(payload);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64Url.decode(key.publicKey().text()), "HmacSHA256"));
            return input + "." + Base64Url.encode(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException | DecodeException e) {
            throw new IllegalStateException(e);
        }
    }

    static String part(String text) {
        return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The text with one of its three parts replaced. */
    static String withPart(String jws, int number, String part) {
        String[] parts = jws.split("\\.", -1);
        parts[number] = part;
        return String.join(".", parts);
    }
}
