package dev.rivulet.protocol.vectors;

import static dev.rivulet.protocol.vectors.CatalogCase.bare;
import static dev.rivulet.protocol.vectors.CatalogCase.trusting;
import static dev.rivulet.protocol.vectors.Payloads.DELEGATION;
import static dev.rivulet.protocol.vectors.Payloads.NOW;
import static dev.rivulet.protocol.vectors.Payloads.delegation;
import static dev.rivulet.protocol.vectors.Payloads.head;
import static dev.rivulet.protocol.vectors.Payloads.signedDelegation;
import static dev.rivulet.protocol.vectors.Payloads.signedHead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.fixtures.TestKeys;
import java.util.Collections;
import java.util.List;

/** Root keys and delegations that are valid, and others. */
final class DelegationCases {
    private static final SigningKey ROOT = TestKeys.ROOT;
    private static final SigningKey STRANGER = TestKeys.STRANGER;
    private static final String HEAD = signedHead(1, 1);

    private DelegationCases() {}

    static List<CatalogCase> all() {
        List<CatalogCase> cases = new java.util.ArrayList<>(rootKeys());
        cases.addAll(passedOver());
        cases.addAll(bounds());
        return cases;
    }

    private static List<CatalogCase> rootKeys() {
        String strangers = RawJws.of(DELEGATION, delegation(), STRANGER);
        return List.of(
                bare("another root key than the pinned one")
                        .delegations(STRANGER, strangers)
                        .refused("root-key")
                        .head("", HEAD)
                        .refused("delegation"),
                bare("another root key leaves what was delegated before")
                        .delegations(ROOT, signedDelegation())
                        .delegations(STRANGER, strangers)
                        .refused("root-key")
                        .head("taken", HEAD),
                trusting("the first root key is trusted, then no other")
                        .delegations(ROOT, signedDelegation())
                        .head("taken", HEAD)
                        .delegations(STRANGER, strangers)
                        .refused("root-key")
                        .head("known", HEAD),
                bare("a head before any delegation").headRefused("delegation", HEAD),
                bare("a head signed by the root key itself")
                        .delegations(ROOT, signedDelegation())
                        .headRefused("delegation", RawJws.of(Payloads.HEAD, head(1, 1), ROOT)),
                bare("a head signed by a stranger")
                        .delegations(ROOT, signedDelegation())
                        .headRefused("delegation", RawJws.of(Payloads.HEAD, head(1, 1), STRANGER)),
                bare("a publisher's key")
                        .delegations(ROOT, signedDelegation(), signedDelegation(publisher()))
                        .head("taken", RawJws.of(Payloads.HEAD, head(1, 1), TestKeys.PUBLISHER))
                        .head("taken", signedHead(1, 2)),
                bare("later delegations replace earlier ones")
                        .delegations(ROOT, signedDelegation())
                        .delegations(ROOT, signedDelegation(publisher()))
                        .headRefused("delegation", HEAD));
    }

    private static ObjectNode publisher() {
        return delegation().put("key", TestKeys.PUBLISHER.publicKey().text()).put("role", "publisher");
    }

    /** Each delegation is passed over, whereupon the head has none. */
    private static List<CatalogCase> passedOver() {
        String good = signedDelegation();
        return List.of(
                refused("a delegation signed by a stranger", RawJws.of(DELEGATION, delegation(), STRANGER)),
                refused(
                        "a delegation signed by a stranger in the root key's name",
                        RawJws.of(RawJws.header(DELEGATION, ROOT), delegation().toString(), STRANGER)),
                refused("a delegation signed by the key itself", RawJws.of(DELEGATION, delegation(), TestKeys.TRACKER)),
                refused(
                        "a delegation for another site",
                        signedDelegation(delegation().put("site", "other"))),
                refused("a delegation of another type", RawJws.of("rivulet-head", delegation(), ROOT)),
                refused(
                        "a delegation with alg none",
                        RawJws.of(
                                RawJws.header(DELEGATION, ROOT).put("alg", "none"),
                                delegation().toString(),
                                ROOT)),
                refused(
                        "a delegation of another role",
                        signedDelegation(delegation().put("role", "root"))),
                refused(
                        "a delegation without an end",
                        signedDelegation(delegation().without("notAfter"))),
                refused(
                        "a delegation that was changed",
                        RawJws.withPart(good, 1, RawJws.part(publisher().toString()))),
                refused("a delegation that is no JWS", "delegation"),
                refused(
                        "a delegation of another key",
                        signedDelegation(
                                delegation().put("key", STRANGER.publicKey().text()))),
                bare("a good delegation among bad ones")
                        .delegations(ROOT, "x", RawJws.of(DELEGATION, delegation(), STRANGER), good)
                        .head("taken", HEAD),
                bare("the eighth delegation is looked at")
                        .delegations(ROOT, after(7, good))
                        .head("taken", HEAD),
                bare("a ninth delegation is not")
                        .delegations(ROOT, after(8, good))
                        .headRefused("delegation", HEAD));
    }

    private static CatalogCase refused(String name, String delegation) {
        return bare(name).delegations(ROOT, delegation).headRefused("delegation", HEAD);
    }

    private static String[] after(int others, String delegation) {
        List<String> texts = new java.util.ArrayList<>(
                Collections.nCopies(others, signedDelegation(delegation().put("site", "other"))));
        texts.add(delegation);
        return texts.toArray(String[]::new);
    }

    private static List<CatalogCase> bounds() {
        String expired = signedDelegation(delegation().put("notAfter", NOW - 1));
        return List.of(
                refused("an expired delegation", expired),
                refused(
                        "a delegation that begins in a second",
                        signedDelegation(delegation().put("notBefore", NOW + 1))),
                taken("a delegation in its first second", delegation().put("notBefore", NOW)),
                taken("a delegation in its last second", delegation().put("notAfter", NOW)),
                refused(
                        "a delegation for lower epochs",
                        signedDelegation(delegation().put("epoch", 0))),
                taken("a delegation for higher epochs", delegation().put("epoch", 2)),
                bare("a delegation that expires later")
                        .delegations(ROOT, signedDelegation(delegation().put("notAfter", NOW + 10)))
                        .head("taken", HEAD)
                        .head("", signedHead(1, 2), NOW + 11)
                        .refused("delegation"),
                bare("an expired delegation and its renewal")
                        .delegations(ROOT, expired, signedDelegation())
                        .head("taken", HEAD),
                bare("a raised epoch")
                        .delegations(ROOT, signedDelegation())
                        .head("taken", signedHead(1, 100))
                        .headRefused("delegation", signedHead(2, 1))
                        .delegations(ROOT, signedDelegation(delegation().put("epoch", 2)))
                        .head("taken", signedHead(2, 1))
                        .headRefused("rollback", signedHead(1, 101)));
    }

    private static CatalogCase taken(String name, ObjectNode delegation) {
        return bare(name).delegations(ROOT, signedDelegation(delegation)).head("taken", HEAD);
    }
}
