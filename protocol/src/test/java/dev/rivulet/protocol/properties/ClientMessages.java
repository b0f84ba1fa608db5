package dev.rivulet.protocol.properties;

import static dev.rivulet.protocol.properties.Values.contentId;
import static dev.rivulet.protocol.properties.Values.count;
import static dev.rivulet.protocol.properties.Values.line;
import static dev.rivulet.protocol.properties.Values.peerId;
import static dev.rivulet.protocol.properties.Values.piece;
import static dev.rivulet.protocol.properties.Values.text;
import static dev.rivulet.protocol.properties.Values.u32;
import static dev.rivulet.protocol.properties.Values.url;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary messages of clients. */
final class ClientMessages {
    private static final double SOMETIMES = 0.3;

    private ClientMessages() {}

    static Arbitrary<ClientMessage> any() {
        return Arbitraries.oneOf(hello(), announce(), lookup(), signal(), missing(), report());
    }

    static Arbitrary<String> feature() {
        return line(1, Limits.MAX_FEATURE_CHARS);
    }

    private static Arbitrary<ClientMessage> hello() {
        return Combinators.combine(
                        Values.siteId(),
                        Arbitraries.of(Role.values()),
                        line(0, Limits.MAX_AGENT_CHARS),
                        line(1, Limits.MAX_TOKEN_CHARS).injectNull(SOMETIMES),
                        line(1, Limits.MAX_RESUME_CHARS).injectNull(SOMETIMES),
                        feature().list().ofMaxSize(Limits.MAX_FEATURES),
                        Values.base().injectNull(SOMETIMES),
                        Arbitraries.of(PrivacyMode.OPEN, PrivacyMode.EDGES).injectNull(SOMETIMES))
                .as((site, role, agent, token, resume, features, http, mode) ->
                        new ClientMessage.Hello(site, role, agent, token, resume, features, http, mode));
    }

    private static Arbitrary<ClientMessage> announce() {
        return Combinators.combine(
                        contentId().list().ofMaxSize(20),
                        contentId().list().ofMaxSize(20),
                        Values.group().list().ofMaxSize(Limits.MAX_GROUPS).injectNull(SOMETIMES),
                        Arbitraries.integers().between(0, Limits.MAX_SLOTS))
                .as(ClientMessage.Announce::new);
    }

    private static Arbitrary<ClientMessage> lookup() {
        return Combinators.combine(
                        u32(),
                        contentId().list().ofMinSize(1).ofMaxSize(Limits.MAX_LOOKUP_IDS),
                        Arbitraries.integers().between(1, Limits.MAX_PEERS),
                        peerId().list().ofMaxSize(Limits.MAX_EXCLUDED_PEERS))
                .as(ClientMessage.Lookup::new);
    }

    static Arbitrary<String> session() {
        return line(1, Limits.MAX_SESSION_CHARS);
    }

    static Arbitrary<SignalBody> signalBody() {
        Arbitrary<SignalBody> candidate = Combinators.combine(
                        line(0, Limits.MAX_CANDIDATE_CHARS),
                        line(0, Limits.MAX_SDP_MID_CHARS).injectNull(SOMETIMES),
                        Arbitraries.integers()
                                .between(0, Limits.MAX_SDP_LINE_INDEX)
                                .injectNull(SOMETIMES))
                .as(SignalBody.Candidate::new);
        return Arbitraries.oneOf(
                text(1, 500).map(SignalBody.Offer::new),
                text(1, 500).map(SignalBody.Answer::new),
                candidate,
                Arbitraries.of(new SignalBody.Close()));
    }

    private static Arbitrary<ClientMessage> signal() {
        return Combinators.combine(peerId(), session(), signalBody()).as(ClientMessage.Signal::new);
    }

    private static Arbitrary<ClientMessage> missing() {
        return url().list().ofMinSize(1).ofMaxSize(Limits.MAX_MISSING_URLS).map(ClientMessage.Missing::new);
    }

    private static Arbitrary<ClientMessage> report() {
        Arbitrary<ClientMessage.ByteCounts> bytes =
                Combinators.combine(count(), count(), count(), count(), count()).as(ClientMessage.ByteCounts::new);
        Arbitrary<ClientMessage.PieceCounts> pieces =
                Combinators.combine(count(), count()).as(ClientMessage.PieceCounts::new);
        Arbitrary<ClientMessage.BadPiece> bad =
                Combinators.combine(peerId(), contentId(), piece()).as(ClientMessage.BadPiece::new);
        return Combinators.combine(
                        bytes.injectNull(SOMETIMES),
                        pieces.injectNull(SOMETIMES),
                        bad.list().ofMaxSize(Limits.MAX_BAD_PIECES),
                        url().list().ofMaxSize(Limits.MAX_CONTRADICTED_URLS),
                        observed(),
                        edgeState().injectNull(SOMETIMES))
                .as(ClientMessage.Report::new);
    }

    private static Arbitrary<ClientMessage.Observed> observed() {
        Arbitrary<ClientMessage.LinkCounts> link =
                Combinators.combine(peerId(), count(), count()).as(ClientMessage.LinkCounts::new);
        Arbitrary<ClientMessage.ContentCounts> content =
                Combinators.combine(contentId(), count(), count()).as(ClientMessage.ContentCounts::new);
        return Combinators.combine(
                        count(),
                        count(),
                        link.list().ofMaxSize(Limits.MAX_REPORT_LINKS),
                        content.list().ofMaxSize(Limits.MAX_REPORT_CONTENTS))
                .as(ClientMessage.Observed::new);
    }

    private static Arbitrary<ClientMessage.EdgeState> edgeState() {
        Arbitrary<ClientMessage.Share> share =
                Combinators.combine(count(), count()).as(ClientMessage.Share::new);
        Arbitrary<String> name = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(Limits.MAX_EDGE_NAME_CHARS);
        Arbitrary<String> region = Arbitraries.strings().withCharRange('A', 'Z').ofLength(2);
        Arbitrary<ClientMessage.Rates> rates =
                Combinators.combine(count(), count()).as(ClientMessage.Rates::new);
        return Combinators.combine(name.injectNull(SOMETIMES), region.injectNull(SOMETIMES), share, share, rates)
                .as(ClientMessage.EdgeState::new);
    }
}
