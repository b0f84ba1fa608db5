package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.security.Key;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * A JWS of three well-formed parts (RFC 7515 §3.1) in our profile: {@code EdDSA} (RFC 8037), and a header with
 * {@code alg}, {@code typ} and {@code kid}. The signature is not verified until {@link #isSignedBy}.
 */
record Jws(String text, KeyId kid, JsonFields payload) {
    private static final AlgorithmConstraints EDDSA_ONLY =
            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA);
    private static final int PARTS = 3;

    /** Makes and signs one; {@code privateKey} is an Ed25519 private key. */
    static String sign(String type, KeyId kid, Key privateKey, ObjectNode payload) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(EDDSA_ONLY);
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setHeader("typ", type);
        jws.setKeyIdHeaderValue(kid.text());
        jws.setKey(privateKey);
        jws.setPayload(Json.write(payload));
        try {
            String text = jws.getCompactSerialization();
            if (text.length() > Limits.MAX_JWS_CHARS) {
                throw new IllegalArgumentException(
                        "a JWS of " + text.length() + " characters, more than " + Limits.MAX_JWS_CHARS);
            }
            return text;
        } catch (JoseException e) {
            throw new IllegalStateException("cannot sign with this key", e);
        }
    }

    /** Reads the text, refusing what is malformed, of another algorithm, or of another type, in this order. */
    static Jws parse(String type, String text) throws CatalogException {
        if (text.length() > Limits.MAX_JWS_CHARS) {
            throw malformed("longer than " + Limits.MAX_JWS_CHARS + " characters");
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != PARTS) {
            throw malformed(parts.length + " parts");
        }
        try {
            JsonFields header = Json.parse("header", Base64Url.decode(parts[0]));
            byte[] payload = Base64Url.decode(parts[1]);
            Base64Url.decode(parts[2]);
            KeyId kid = kidOf(header, type);
            return new Jws(text, kid, Json.parse(type, payload));
        } catch (DecodeException e) {
            throw malformed(e);
        }
    }

    private static KeyId kidOf(JsonFields header, String type) throws DecodeException, CatalogException {
        String algorithm = header.text("alg");
        String actualType = header.text("typ");
        KeyId kid = header.value("kid", KeyId::parse);
        if (!algorithm.equals(AlgorithmIdentifiers.EDDSA) || header.has("crit")) {
            throw new CatalogException(CatalogError.ALGORITHM, "alg is not EdDSA, or crit is present");
        }
        if (!actualType.equals(type)) {
            throw new CatalogException(CatalogError.TYPE, "not of type " + type);
        }
        return kid;
    }

    /** Whether the signature is of this key. */
    boolean isSignedBy(PublicKey key) {
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(EDDSA_ONLY);
            jws.setCompactSerialization(text);
            jws.setKey(JsonWebKey.Factory.newJwk(key.jwk()).getKey());
            return jws.verifySignature();
        } catch (JoseException e) {
            // Among the causes are points that are not on the curve, and signatures of another length.
            return false;
        }
    }

    /** Reads the payload with {@code decoder}. */
    <T> T payload(JsonFields.Decoder<T> decoder) throws CatalogException {
        try {
            return decoder.decode(payload);
        } catch (DecodeException e) {
            throw malformed(e);
        }
    }

    static CatalogException malformed(String reason) {
        return new CatalogException(CatalogError.MALFORMED, reason);
    }

    private static CatalogException malformed(DecodeException cause) {
        CatalogException malformed = malformed(cause.place() + ": " + cause.reason());
        malformed.initCause(cause);
        return malformed;
    }
}
