package dev.rivulet.tracker.operating;

import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Complaint;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.config.IceServerConfig;
import dev.rivulet.tracker.event.Event;
import dev.rivulet.tracker.event.Event.Kind;
import dev.rivulet.tracker.event.Events;
import dev.rivulet.tracker.operating.SiteView.Source;
import dev.rivulet.tracker.policy.Policies;
import dev.rivulet.tracker.policy.Price;
import dev.rivulet.tracker.policy.TrackerPolicy;
import dev.rivulet.tracker.signaling.Signaling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds for the whole tracker, and draining it. */
public final class PolicyEndpoints implements Endpoints {
    /** Over how many seconds those connected are sent away, unless given. */
    static final int DRAIN_SECONDS = 60;
    /** The most of that. */
    static final int MAX_DRAIN_SECONDS = 3600;

    private final Policies policies;
    private final Signaling signaling;
    private final Events events;

    public PolicyEndpoints(Policies policies, Signaling signaling, Events events) {
        this.policies = policies;
        this.signaling = signaling;
        this.events = events;
    }

    /** A STUN or TURN server. */
    record Ice(
            List<String> urls,
            @Nullable String username,
            @Nullable String credential) {}

    /** What a gigabyte costs. */
    record PriceView(
            @Help("For 10^9 bytes: a decimal number, such as 0.085.")
            String perGb,

            @Help("Three letters, such as EUR.") String currency) {}

    /** Another policy. */
    record PolicyBody(
            @Help(
                    "STUN and TURN servers that peers are told of, beside the tracker's own, for connections they make from now on.")
            List<Ice> iceServers,

            @Help("WebSocket connections at once; who is there stays.")
            int maxConnections,

            @Help("What the origin's traffic costs; null: not known.") @Nullable
            PriceView price) {}

    /** The policy. */
    record PolicyView(
            List<Ice> iceServers,
            int maxConnections,
            @Nullable PriceView price,
            Source from) {}

    /** Over how long to drain. */
    record DrainBody(
            @Help("Over how many seconds those connected are sent away, evenly; 60 unless given.") @Nullable
            Integer seconds) {
        DrainBody {
            if (seconds != null && (seconds < 1 || seconds > MAX_DRAIN_SECONDS)) {
                throw new InvalidValueException("seconds", "write a whole number from 1 to " + MAX_DRAIN_SECONDS);
            }
        }
    }

    /** How draining stands. */
    record DrainView(
            boolean draining,
            @Help("Those still connected.") int connections) {}

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/policy", Role.VIEWER, "What holds for all sites.")
                        .answers(PolicyView.class, call -> policy()),
                Endpoint.put("/policy", Role.OPERATOR, "Set what holds for all sites, instead of the file's.")
                        .takes(PolicyBody.class)
                        .edits(call -> policy())
                        .answers(PolicyView.class, this::put),
                Endpoint.get("/drain", Role.VIEWER, "Whether the tracker is being drained.")
                        .answers(DrainView.class, call -> drain()),
                Endpoint.post("/drain", Role.OPERATOR, "Refuse newcomers, and send those who are here elsewhere.")
                        .takes(DrainBody.class)
                        .answers(DrainView.class, this::begin),
                Endpoint.delete("/drain", Role.OPERATOR, "Take everybody again.")
                        .answers(DrainView.class, this::end));
    }

    private PolicyView policy() {
        TrackerPolicy policy = policies.current();
        Price price = policy.price();
        return new PolicyView(
                policy.iceServers().stream()
                        .map(server -> new Ice(server.urls(), server.username(), server.credential()))
                        .toList(),
                policy.maxConnections(),
                price == null ? null : new PriceView(price.perGb().toPlainString(), price.currency()),
                policies.isFromFile() ? Source.FILE : Source.DATABASE);
    }

    private PolicyView put(Call<PolicyBody> call) throws Refusal, IOException {
        PolicyBody body = call.body();
        PriceView price = body.price();
        List<IceServerConfig> before = policies.current().iceServers();
        try {
            policies.put(new TrackerPolicy(
                    servers(body.iceServers()),
                    body.maxConnections(),
                    price == null ? null : Price.of(price.perGb(), price.currency())));
        } catch (ConfigException e) {
            throw Complaints.refusal(e);
        }
        if (!policies.current().iceServers().equals(before)) {
            signaling.iceChanged();
        }
        events.happened(Event.info(Kind.POLICY, null, call.caller().name() + " changed the policy"));
        return policy();
    }

    private static List<IceServerConfig> servers(List<Ice> given) throws Refusal {
        List<IceServerConfig> servers = new ArrayList<>();
        for (Ice each : given) {
            try {
                servers.add(new IceServerConfig(each.urls(), each.username(), each.credential()));
            } catch (ConfigException e) {
                Complaint complaint = Complaints.of(e);
                throw Refusal.invalid("iceServers[" + servers.size() + "]." + complaint.key(), complaint.text());
            }
        }
        return servers;
    }

    private DrainView drain() {
        return new DrainView(signaling.isDraining(), signaling.connections());
    }

    private DrainView begin(Call<DrainBody> call) {
        Integer given = call.body().seconds();
        int seconds = given == null ? DRAIN_SECONDS : given;
        signaling.drain(seconds);
        call.note("over " + seconds + " s");
        String text = call.caller().name() + " drains the tracker within " + seconds + " s";
        events.happened(Event.info(Kind.DRAIN, null, text));
        return drain();
    }

    private DrainView end(Call<Nothing> call) {
        signaling.endDraining();
        events.happened(Event.info(Kind.DRAIN, null, call.caller().name() + " ended draining"));
        return drain();
    }
}
