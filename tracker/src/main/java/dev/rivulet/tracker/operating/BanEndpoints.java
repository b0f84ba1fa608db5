package dev.rivulet.tracker.operating;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Page;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.enrolment.Ban;
import dev.rivulet.tracker.enrolment.Bans;
import dev.rivulet.tracker.event.Event;
import dev.rivulet.tracker.event.Event.Kind;
import dev.rivulet.tracker.event.Events;
import dev.rivulet.tracker.signaling.Signaling;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps edges out for a while, and sends pages away. */
public final class BanEndpoints implements Endpoints {
    /** Characters of a fingerprint; a peer id has fewer. */
    private static final int FINGERPRINT_CHARS = 43;

    private final Bans bans;
    private final Signaling signaling;
    private final Events events;
    private final InstantSource clock;

    public BanEndpoints(Bans bans, Signaling signaling, Events events, InstantSource clock) {
        this.bans = bans;
        this.signaling = signaling;
        this.events = events;
        this.clock = clock;
    }

    /** Whom to ban. */
    record BanBody(
            @Help("A peer id, or an edge's fingerprint. An edge's peer id stands for its fingerprint.")
            String peer,

            @Help("For the record.") String reason,

            @Help("Until when; until it is lifted unless given.") @Nullable
            Long until) {
        BanBody {
            Check.line("reason", reason, 1, Ban.MAX_REASON_CHARS);
        }
    }

    /** What is banned. */
    enum Banned {
        @JsonProperty("page")
        PAGE,
        @JsonProperty("edge")
        EDGE
    }

    /** Somebody who is kept out. */
    record BanView(
            @Help("By which it is lifted.") String id,

            @Help("An edge's fingerprint, or the peer id of a page.")
            String peer,

            Banned kind,

            @Help("Of a page; edges are banned from all sites.") @Nullable
            String site,

            String reason,
            long at,
            @Nullable Long until) {
        static BanView of(Ban ban) {
            SiteId site = ban.site();
            return new BanView(
                    ban.id(),
                    ban.peer(),
                    ban.edge() ? Banned.EDGE : Banned.PAGE,
                    site == null ? null : site.text(),
                    ban.reason(),
                    ban.since(),
                    ban.until());
        }
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/bans", Role.VIEWER, "Who is kept out, the newest first.")
                        .pages(BanView.class, this::list),
                Endpoint.post(
                                "/bans",
                                Role.OPERATOR,
                                "Ban a peer: it is closed, introduced to nobody, and its neighbours leave it.")
                        .takes(BanBody.class)
                        .status(StatusCodes.CREATED)
                        .answers(BanView.class, this::ban),
                Endpoint.delete("/bans/{id}", Role.OPERATOR, "Lift a ban.").does(this::lift));
    }

    private Page<BanView> list(Call<Nothing> call) {
        List<BanView> all = bans.all().stream().map(BanView::of).toList();
        return Page.newestFirst(all, call, BanView::at, BanView::id);
    }

    private BanView ban(Call<BanBody> call) throws Refusal, IOException {
        BanBody body = call.body();
        call.note(body.peer() + ", reason: " + body.reason());
        Long until = body.until();
        if (until != null && until <= clock.instant().getEpochSecond()) {
            throw Refusal.invalid("until", "is over already; write a time to come, in seconds since 1970");
        }
        Ban ban;
        try {
            ban = body.peer().length() == FINGERPRINT_CHARS
                    ? banEdge(KeyId.parse(body.peer()), body)
                    : banPeer(PeerId.parse(body.peer()), body);
        } catch (DecodeException e) {
            throw Refusal.invalid("peer", "write a peer id or a fingerprint: " + e.reason());
        }
        String text = call.caller().name() + " banned " + (ban.edge() ? "edge " : "page ") + ban.peer() + ", reason: "
                + ban.reason();
        events.happened(Event.info(Kind.BAN, ban.site(), text));
        return BanView.of(ban);
    }

    private Ban banPeer(PeerId peer, BanBody body) throws Refusal, IOException {
        Signaling.Whereabouts found = signaling
                .find(peer)
                .orElseThrow(() -> Refusal.invalid("peer", "nobody of this id is here; ids change with every visit"));
        KeyId identity = found.identity();
        if (identity != null) {
            return banEdge(identity, body);
        }
        Ban ban = bans.page(found.site(), peer, body.reason(), body.until());
        signaling.ban(found.site(), peer);
        return ban;
    }

    private Ban banEdge(KeyId fingerprint, BanBody body) throws Refusal, IOException {
        Optional<Ban> ban = bans.edge(fingerprint, body.reason(), body.until());
        if (ban.isEmpty()) {
            throw Refusal.conflict("There are " + Bans.MAX_EDGES + " bans; lift some first.");
        }
        // After it is known: who comes meanwhile is refused already.
        signaling.ban(fingerprint);
        return ban.get();
    }

    private void lift(Call<Nothing> call) throws Refusal, IOException {
        Optional<Ban> lifted = bans.lift(call.path("id"));
        if (lifted.isEmpty()) {
            throw Refusal.notFound("There is no such ban.");
        }
        call.note(lifted.get().peer());
        events.happened(Event.info(
                Kind.BAN,
                lifted.get().site(),
                call.caller().name() + " lifted the ban of " + lifted.get().peer()));
    }
}
