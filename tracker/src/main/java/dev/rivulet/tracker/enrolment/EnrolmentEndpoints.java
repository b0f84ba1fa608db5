package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Role;
import java.util.List;

/** Lists edges by their keys, and revokes them. */
public record EnrolmentEndpoints(Enrolment enrolment) implements Endpoints {
    static final String LIST = "/enrolments";
    static final String REVOKE = "/edges/{fingerprint}/revoke";

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(LIST, Role.VIEWER, "Every edge ever met, and every revoked key, as lines of text.")
                        .says(call -> enrolment.list().text()),
                Endpoint.post(REVOKE, Role.OPERATOR, "Refuse an edge from now on, on all sites.")
                        .does(call -> enrolment.revoke(call.path("fingerprint", KeyId::parse))));
    }
}
