package dev.rivulet.protocol.properties;

import static dev.rivulet.protocol.properties.Values.base;
import static dev.rivulet.protocol.properties.Values.contentId;
import static dev.rivulet.protocol.properties.Values.line;
import static dev.rivulet.protocol.properties.Values.peerId;
import static dev.rivulet.protocol.properties.Values.u32;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary messages of trackers. */
final class TrackerMessages {
    private static final double SOMETIMES = 0.3;

    private TrackerMessages() {}

    static Arbitrary<TrackerMessage> any() {
        return Arbitraries.oneOf(welcome(), peers(), signal(), updates(), error());
    }

    static Arbitrary<CatalogBody> catalog() {
        Arbitrary<String> jws = line(1, 100);
        Arbitrary<String> index = Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(Limits.MAX_INLINE_INDEX_BYTES)
                .map(Base64Url::encode);
        return Combinators.combine(
                        Values.hash().map(hash -> new PublicKey(hash.text())),
                        jws.list().ofMinSize(1).ofMaxSize(Limits.MAX_DELEGATIONS),
                        jws,
                        index.injectNull(SOMETIMES),
                        Values.policy().injectNull(SOMETIMES))
                .as(CatalogBody::new);
    }

    private static Arbitrary<TrackerMessage> welcome() {
        Arbitrary<String> text = line(1, 50);
        Arbitrary<TrackerMessage.IceServer> ice = Combinators.combine(
                        text.list().ofMinSize(1).ofMaxSize(Limits.MAX_ICE_URLS),
                        text.injectNull(SOMETIMES),
                        text.injectNull(SOMETIMES))
                .as(TrackerMessage.IceServer::new);
        return Combinators.combine(
                        peerId(),
                        line(1, Limits.MAX_RESUME_CHARS),
                        ice.list().ofMaxSize(4),
                        Values.policy(),
                        base().list().ofMaxSize(Limits.MAX_TRACKERS),
                        catalog())
                .as(TrackerMessage.Welcome::new);
    }

    private static Arbitrary<TrackerMessage> peers() {
        Arbitrary<TrackerMessage.Candidate> candidate = Combinators.combine(
                        peerId(),
                        Arbitraries.of(Role.values()),
                        contentId().list().ofMaxSize(Limits.MAX_LOOKUP_IDS),
                        base().injectNull(SOMETIMES))
                .as(TrackerMessage.Candidate::new);
        return Combinators.combine(
                        u32().injectNull(SOMETIMES),
                        candidate.list().ofMaxSize(Limits.MAX_PEERS),
                        base().list().ofMaxSize(Limits.MAX_HTTP_HOLDERS))
                .as(TrackerMessage.Peers::new);
    }

    private static Arbitrary<TrackerMessage> signal() {
        return Combinators.combine(
                        peerId(), Arbitraries.of(Role.values()), ClientMessages.session(), ClientMessages.signalBody())
                .as(TrackerMessage.Signal::new);
    }

    private static Arbitrary<TrackerMessage> updates() {
        return Arbitraries.oneOf(
                catalog().map(TrackerMessage.HeadUpdate::new),
                line(1, 500).map(TrackerMessage.BatchUpdate::new),
                Values.policy().map(TrackerMessage.PolicyUpdate::new));
    }

    private static Arbitrary<TrackerMessage> error() {
        return Combinators.combine(
                        line(1, Limits.MAX_ERROR_CODE_CHARS),
                        line(0, Limits.MAX_ERROR_MESSAGE_CHARS),
                        Values.flag(),
                        u32().injectNull(SOMETIMES),
                        peerId().injectNull(SOMETIMES))
                .as(TrackerMessage.ErrorMessage::new);
    }
}
