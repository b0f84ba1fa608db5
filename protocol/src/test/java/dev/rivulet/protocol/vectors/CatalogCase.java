package dev.rivulet.protocol.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.fixtures.Samples;
import dev.rivulet.protocol.fixtures.TestKeys;
import org.jspecify.annotations.Nullable;

/** Builds one case of catalog.json: a verifier, and what it is given step by step. */
final class CatalogCase {
    static final long NOW = Samples.NOW;

    private final ObjectNode node = JsonNodeFactory.instance.objectNode();
    private final ArrayNode steps = JsonNodeFactory.instance.arrayNode();

    private CatalogCase(String name, @Nullable SigningKey pinned) {
        node.put("name", name);
        node.put("site", Samples.SITE.text());
        node.put("pinned", pinned == null ? null : pinned.keyId().text());
        node.put("valid", true);
    }

    /** A verifier that has the root key pinned, and nothing else. */
    static CatalogCase bare(String name) {
        return new CatalogCase(name, TestKeys.ROOT);
    }

    /** A verifier that trusts the first root key that it meets. */
    static CatalogCase trusting(String name) {
        return new CatalogCase(name, null);
    }

    /** A verifier that has taken the delegation of the tracker's key for epochs up to 1. */
    static CatalogCase ready(String name) {
        return bare(name).delegations(TestKeys.ROOT, Payloads.signedDelegation());
    }

    CatalogCase delegations(SigningKey root, String... texts) {
        ObjectNode step =
                step("delegations", "taken").put("rootKey", root.publicKey().text());
        ArrayNode list = step.putArray("delegations");
        for (String text : texts) {
            list.add(text);
        }
        return this;
    }

    /** Makes the last step one that is refused. */
    CatalogCase refused(String error) {
        ObjectNode last = (ObjectNode) steps.get(steps.size() - 1);
        last.remove("expected");
        last.put("error", error);
        return this;
    }

    CatalogCase head(String expected, String jws) {
        return head(expected, jws, NOW);
    }

    CatalogCase head(String expected, String jws, long now) {
        step("head", expected).put("jws", jws).put("now", now);
        return this;
    }

    CatalogCase headRefused(String error, String jws) {
        return head("", jws).refused(error);
    }

    CatalogCase batch(String expected, String jws) {
        step("batch", expected).put("jws", jws).put("now", NOW);
        return this;
    }

    CatalogCase batchRefused(String error, String jws) {
        return batch("", jws).refused(error);
    }

    CatalogCase restart() {
        steps.addObject().put("do", "restart");
        return delegations(TestKeys.ROOT, Payloads.signedDelegation());
    }

    private ObjectNode step(String what, String expected) {
        return steps.addObject().put("do", what).put("expected", expected);
    }

    JsonNode build() {
        return node.deepCopy().set("steps", steps);
    }
}
