package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.event.Event;
import dev.rivulet.tracker.event.Events;
import java.io.IOException;
import java.util.List;

/** Lists edges by their keys, and revokes them. */
public record EnrolmentEndpoints(Enrolment enrolment, Events events) implements Endpoints {
    /** Path below {@link Endpoint#BASE} of the list. */
    public static final String LIST = "/enrolments";
    /** Path below {@link Endpoint#BASE} by which an edge is revoked. */
    public static final String REVOKE = "/edges/{fingerprint}/revoke";

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(LIST, Role.VIEWER, "Every edge ever met, and every revoked key, as lines of text.")
                        .says(call -> enrolment.list().text()),
                Endpoint.post(REVOKE, Role.OPERATOR, "Refuse an edge from now on, on all sites.")
                        .takes(Revocation.class)
                        .does(this::revoke));
    }

    private void revoke(Call<Revocation> call) throws Refusal, IOException {
        KeyId fingerprint = call.path("fingerprint", KeyId::parse);
        String why = "reason: " + call.body().reason();
        call.note(why);
        enrolment.revoke(fingerprint);
        String text = call.caller().name() + " revoked edge " + fingerprint.text() + ", " + why;
        events.happened(new Event(Event.Kind.REVOCATION, null, text, Event.Level.WARNING));
    }
}
