package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** An Ed25519 key pair: a site's root key, an online key, or an edge's identity. */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";
    private static final int SEED_BYTES = 32;

    private final PublicKey publicKey;
    private final PrivateKey privateKey;

    private SigningKey(PublicKey publicKey, PrivateKey privateKey) {
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    /** A new pair out of {@code random}. */
    public static SigningKey generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, random);
            KeyPair pair = generator.generateKeyPair();
            // RFC 8410 §4: the key is the last field of its SubjectPublicKeyInfo.
            byte[] info = pair.getPublic().getEncoded();
            byte[] x = Arrays.copyOfRange(info, info.length - PublicKey.BYTES, info.length);
            return new SigningKey(new PublicKey(Base64Url.encode(x)), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 17 makes Ed25519 keys", e);
        }
    }

    /** Reads a private JWK (RFC 8037 §2); refuses one whose halves do not belong together. */
    public static SigningKey parse(String jwk) throws DecodeException {
        JsonFields fields = Json.parse("key", jwk);
        if (!fields.text("kty").equals("OKP") || !fields.text("crv").equals(ALGORITHM)) {
            throw new DecodeException("key", "not an Ed25519 key");
        }
        PublicKey publicKey = fields.value("x", PublicKey::parse);
        byte[] seed = fields.value("d", text -> Base64Url.decode(text, SEED_BYTES));
        SigningKey key = new SigningKey(publicKey, privateKey(seed));
        String probe = Jws.sign("probe", key.keyId(), key.privateKey, Json.object());
        try {
            if (!Jws.parse("probe", probe).isSignedBy(publicKey)) {
                throw new DecodeException("key.d", "belongs to another public key");
            }
        } catch (CatalogException e) {
            throw new IllegalStateException("our own JWS", e);
        }
        return key;
    }

    private static PrivateKey privateKey(byte[] seed) {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 17 has Ed25519, and every seed is a key", e);
        }
    }

    /** The private JWK: whoever has this text can sign. */
    public String privateJwk() {
        byte[] seed = ((EdECPrivateKey) privateKey).getBytes().orElseThrow();
        ObjectNode node = Json.object();
        node.put("kty", "OKP").put("crv", ALGORITHM).put("x", publicKey.text()).put("d", Base64Url.encode(seed));
        return Json.write(node);
    }

    /** The half that others verify with. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** What others call this key. */
    public KeyId keyId() {
        return publicKey.keyId();
    }

    /** The JWS of a head, signed as an online key. */
    public String sign(Head head) {
        return Jws.sign(Head.TYPE, keyId(), privateKey, head.encode());
    }

    /**
     * The JWS of a batch, signed as an online key.
     *
     * @throws IllegalArgumentException when it is longer than a JWS may be; cut the batch in two then
     */
    public String sign(Batch batch) {
        return Jws.sign(Batch.TYPE, keyId(), privateKey, batch.encode());
    }

    /** The JWS of a delegation, signed as a root key. */
    public String sign(Delegation delegation) {
        return Jws.sign(Delegation.TYPE, keyId(), privateKey, delegation.encode());
    }

    /** The JWS by which an edge shows who it is, signed as its identity. */
    public String sign(EdgeProof proof) {
        return Jws.sign(EdgeProof.TYPE, keyId(), privateKey, proof.encode());
    }

    /** The JWS that stands beside the file of a {@link ServedDay}, signed as an edge's identity. */
    public String signServed(byte[] file) {
        return Jws.sign(ServedDay.TYPE, keyId(), privateKey, ServedDay.statement(file));
    }

    /** Says whose key, never the private half. */
    @Override
    public String toString() {
        return "SigningKey[" + keyId() + "]";
    }
}
