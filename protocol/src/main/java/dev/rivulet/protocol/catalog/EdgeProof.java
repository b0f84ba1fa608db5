package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.util.random.RandomGenerator;

/**
 * An edge's word that it has the key which it names (docs/protocol.md, section 5.7).
 *
 * @param site that it is about to join
 * @param challenge what the tracker sent
 */
public record EdgeProof(SiteId site, String challenge) {
    /** Random bytes of a challenge. */
    public static final int CHALLENGE_BYTES = 32;

    static final String TYPE = "rivulet-edge";

    public EdgeProof {
        Check.that(isChallenge(challenge), "challenge", "not a challenge");
    }

    /** A challenge that nobody can have foreseen, given a {@code random} that nobody can foresee. */
    public static String newChallenge(RandomGenerator random) {
        byte[] bytes = new byte[CHALLENGE_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** Whether the text is one of {@value #CHALLENGE_BYTES} bytes. */
    public static boolean isChallenge(String text) {
        try {
            Base64Url.decode(text, CHALLENGE_BYTES);
            return true;
        } catch (DecodeException e) {
            return false;
        }
    }

    /** Whether {@code jws} says exactly this, signed by that key. */
    public boolean isProvenBy(String jws, PublicKey key) {
        try {
            Jws parsed = Jws.parse(TYPE, jws);
            return parsed.kid().equals(key.keyId())
                    && parsed.payload(EdgeProof::decode).equals(this)
                    && parsed.isSignedBy(key);
        } catch (CatalogException e) {
            return false;
        }
    }

    private static EdgeProof decode(JsonFields fields) throws DecodeException {
        return fields.make(() -> new EdgeProof(fields.value("site", SiteId::parse), fields.text("challenge")));
    }

    ObjectNode encode() {
        return Json.object().put("site", site.text()).put("challenge", challenge);
    }
}
