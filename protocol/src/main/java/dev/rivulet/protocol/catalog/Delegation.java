package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.util.Arrays;
import java.util.Locale;

/**
 * The root key's word that another key may sign heads and batches (docs/protocol.md, section 4.1).
 *
 * @param site for which
 * @param key the online key
 * @param role who holds it
 * @param epoch up to which epoch, inclusive
 * @param notBefore seconds since 1970, inclusive
 * @param notAfter seconds since 1970, inclusive
 */
public record Delegation(SiteId site, PublicKey key, Role role, long epoch, long notBefore, long notAfter) {
    static final String TYPE = "rivulet-delegation";

    /** Who holds an online key. */
    public enum Role {
        TRACKER,
        PUBLISHER;

        /** As the wire names it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Role parse(String text) throws DecodeException {
            return Arrays.stream(values())
                    .filter(role -> role.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new DecodeException("role", "neither tracker nor publisher"));
        }
    }

    public Delegation {
        Check.count("epoch", epoch);
        Check.count("notBefore", notBefore);
        Check.count("notAfter", notAfter);
    }

    boolean covers(long otherEpoch, long nowSeconds) {
        return otherEpoch <= epoch && notBefore <= nowSeconds && nowSeconds <= notAfter;
    }

    static Delegation decode(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Delegation(
                fields.value("site", SiteId::parse),
                fields.value("key", PublicKey::parse),
                fields.value("role", Role::parse),
                fields.number("epoch"),
                fields.number("notBefore"),
                fields.number("notAfter")));
    }

    ObjectNode encode() {
        return Json.object()
                .put("site", site.text())
                .put("key", key.text())
                .put("role", role.text())
                .put("epoch", epoch)
                .put("notBefore", notBefore)
                .put("notAfter", notAfter);
    }
}
