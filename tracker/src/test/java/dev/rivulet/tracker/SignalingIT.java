package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.ClientMessage.Signal;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.protocol.message.HttpReady;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.Peers;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import io.undertow.Undertow;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.java_websocket.enums.ReadyState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignalingIT {
    private static final SiteId DEMO = new SiteId("demo");
    private static final ContentId CONTENT = new ContentId(Sha256.of(new byte[] {1}));

    @TempDir
    Path data;

    private TestTracker tracker;

    @BeforeEach
    void start() throws Exception {
        tracker = TestTracker.start(data, Map.of("max-connections", "6"));
    }

    @AfterEach
    void stop() throws Exception {
        tracker.close();
    }

    @Test
    void aWelcomeCarriesACatalogThatVerifies() throws Exception {
        Welcome welcome = page().hear(Welcome.class);

        CatalogVerifier verifier =
                new CatalogVerifier(DEMO, welcome.catalog().rootKey().keyId(), null);
        verifier.delegations(welcome.catalog().rootKey(), welcome.catalog().delegations());
        assertThat(verifier.head(welcome.catalog().head(), Instant.now().getEpochSecond()))
                .isPresent();
        assertThat(welcome.policy().admitsWebOrigin(TestTracker.ORIGIN)).isTrue();
    }

    @Test
    void twoPeersFindEachOtherAndExchangeSignals() throws Exception {
        TestPeer edge = edge();
        Welcome edgeWelcome = edge.hear(Welcome.class);
        edge.say(new Announce(List.of(CONTENT), List.of(), null, 8));
        TestPeer page = page();
        Welcome pageWelcome = page.hear(Welcome.class);

        TrackerMessage.Candidate found = lookUpUntilFound(page);
        assertThat(found.id()).isEqualTo(edgeWelcome.peer());
        assertThat(found.role()).isEqualTo(Role.EDGE);

        page.say(new Signal(edgeWelcome.peer(), "s1", new SignalBody.Offer("v=0 grüße")));
        assertThat(edge.hear(TrackerMessage.Signal.class))
                .isEqualTo(new TrackerMessage.Signal(
                        pageWelcome.peer(), Role.PAGE, "s1", new SignalBody.Offer("v=0 grüße")));
        edge.say(new Signal(pageWelcome.peer(), "s1", new SignalBody.Answer("v=0")));
        assertThat(page.hear(TrackerMessage.Signal.class).body()).isEqualTo(new SignalBody.Answer("v=0"));
    }

    @Test
    void aBrokenConnectionIsResumed() throws Exception {
        TestPeer page = page();
        Welcome welcome = page.hear(Welcome.class);
        page.getSocket().close();
        page.closeCode();

        TestPeer again = TestPeer.connect(tracker.webSocket(), TestTracker.ORIGIN)
                .say(new Hello(DEMO, Role.PAGE, "it", null, welcome.resume(), List.of(), null, null));

        assertThat(again.hear(Welcome.class).peer()).isEqualTo(welcome.peer());
    }

    @Test
    void refusalsHaveTheirCodes() throws Exception {
        assertThat(closeCode("http://evil.example", new Hello(DEMO, Role.PAGE, "", null, null, List.of(), null, null)))
                .isEqualTo(TrackerCloseCode.FORBIDDEN.code());
        assertThat(closeCode(
                        null, new Hello(new SiteId("closed"), Role.EDGE, "", "guess", null, List.of(), null, null)))
                .isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(closeCode(
                        TestTracker.ORIGIN,
                        new Hello(new SiteId("nowhere"), Role.PAGE, "", null, null, List.of(), null, null)))
                .isEqualTo(TrackerCloseCode.UNKNOWN_SITE.code());
    }

    @Test
    void nonsenseIsMalformedAndMuchOfItTooBig() throws Exception {
        TestPeer talker = TestPeer.connect(tracker.webSocket(), TestTracker.ORIGIN);
        talker.send("not JSON");
        TestPeer binary = TestPeer.connect(tracker.webSocket(), TestTracker.ORIGIN);
        binary.send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        TestPeer big = TestPeer.connect(tracker.webSocket(), TestTracker.ORIGIN);
        big.send("x".repeat(Limits.MAX_TRACKER_MESSAGE_BYTES + 1));

        assertThat(talker.closeCode()).isEqualTo(TrackerCloseCode.MALFORMED.code());
        assertThat(binary.closeCode()).isEqualTo(TrackerCloseCode.MALFORMED.code());
        assertThat(big.closeCode()).isEqualTo(TrackerCloseCode.TOO_BIG.code());
    }

    @Test
    void theLongestMessageIsTaken() throws Exception {
        TestPeer page = page();
        page.hear(Welcome.class);
        String longest = "{\"type\":\"x\",\"pad\":\"" + "x".repeat(Limits.MAX_TRACKER_MESSAGE_BYTES - 21) + "\"}";
        assertThat(longest).hasSize(Limits.MAX_TRACKER_MESSAGE_BYTES);

        page.send(longest);
        page.say(new Lookup(5, List.of(CONTENT), 1, List.of()));

        assertThat(page.hear(Peers.class).id()).isEqualTo(5);
    }

    @Test
    void otherSubprotocolsAreNotSpoken() throws Exception {
        TestPeer other = TestPeer.connect(tracker.webSocket(), "chat", TestTracker.ORIGIN);

        assertThat(other.getReadyState()).isNotEqualTo(ReadyState.OPEN);
    }

    @Test
    void aProxyMayPassAnyPath() throws Exception {
        TestPeer page = TestPeer.connect("ws://" + tracker.address() + "/behind/a/prefix", TestTracker.ORIGIN)
                .say(pageHello());

        assertThat(page.hear(Welcome.class).peer()).isNotNull();
    }

    @Test
    void connectionsAreLimited() throws Exception {
        for (int i = 0; i < 6; i++) {
            assertThat(page().hear(Welcome.class)).isNotNull();
        }

        assertThat(TestPeer.connect(tracker.webSocket(), TestTracker.ORIGIN).getReadyState())
                .isNotEqualTo(ReadyState.OPEN);
    }

    @Test
    void anEdgesGatewayIsToldOfOnceItWasFoundToBeItsOwn() throws Exception {
        AtomicReference<String> token = new AtomicReference<>("");
        List<String> paths = new CopyOnWriteArrayList<>();
        Undertow gateway = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(exchange -> {
                    paths.add(exchange.getRequestPath());
                    exchange.getResponseSender().send(token.get());
                })
                .build();
        gateway.start();
        try {
            ResourceUrl base = ResourceUrl.parse(
                    "http:/" + gateway.getListenerInfo().get(0).getAddress() + "/at/home/");
            TestPeer edge = edge(base);
            Welcome welcome = edge.hear(Welcome.class);
            edge.say(new Announce(List.of(CONTENT), List.of(), null, 8));
            String ownPath = "/at/home/" + HttpCheck.pathOf(welcome.peer());

            HttpCheck check = edge.hear(HttpCheck.class);
            TestPeer page = page();
            page.hear(Welcome.class);
            assertThat(lookUpUntilFound(page).http()).isNull();
            assertThat(paths).isEmpty();
            token.set(check.token());
            edge.say(new HttpReady());
            assertThat(edge.hear(HttpChecked.class)).isEqualTo(HttpChecked.REACHED);
            assertThat(lookUpUntilFound(page).http()).isEqualTo(base);
            assertThat(paths).containsExactly(ownPath);

            // Somebody else who names the same URL has another token.
            TestPeer liar = edge(base);
            PeerId liarId = liar.hear(Welcome.class).peer();
            liar.hear(HttpCheck.class);
            liar.say(new HttpReady());
            assertThat(liar.hear(HttpChecked.class).failed()).isEqualTo(HttpChecked.ANSWER);
            assertThat(paths).containsExactly(ownPath, "/at/home/" + HttpCheck.pathOf(liarId));
        } finally {
            gateway.stop();
        }
    }

    @Test
    void groupsBringHintsToNewcomers() throws Exception {
        TestPeer fellow = page();
        Welcome fellowWelcome = fellow.hear(Welcome.class);
        fellow.say(new Announce(List.of(), List.of(), List.of(new Group("/live")), 4));
        fellow.say(new Lookup(1, List.of(CONTENT), 1, List.of()));
        fellow.hear(Peers.class);
        TestPeer newcomer = page();
        newcomer.hear(Welcome.class);

        newcomer.say(new Announce(List.of(), List.of(), List.of(new Group("/live")), 4));

        assertThat(newcomer.hear(Peers.class).peers())
                .extracting(TrackerMessage.Candidate::id)
                .containsExactly(fellowWelcome.peer());
    }

    @Test
    void whoDoesNotReadIsCutAndCostsNobodyElse() throws Exception {
        try (DeafPeer deaf = DeafPeer.open(tracker.port())) {
            PeerId deafId = deaf.join(pageHello());
            TestPeer page = page();
            page.hear(Welcome.class);

            String sdp = "x".repeat(Limits.MAX_SDP_CHARS);
            for (int i = 0; i < 900; i++) {
                page.say(new Signal(deafId, "s1", new SignalBody.Offer(sdp)));
            }

            assertThat(page.hear(TrackerMessage.ErrorMessage.class).code())
                    .isEqualTo(TrackerMessage.ErrorMessage.UNKNOWN_PEER);
        }
    }

    @Test
    void stoppingSaysSo() throws Exception {
        TestPeer page = page();
        page.hear(Welcome.class);

        tracker.close();

        assertThat(page.closeCode()).isEqualTo(TrackerCloseCode.GOING_AWAY.code());
    }

    private TestPeer page() throws Exception {
        return TestPeer.connect(tracker.webSocket(), TestTracker.ORIGIN).say(pageHello());
    }

    private TestPeer edge() throws Exception {
        return edge(null);
    }

    private TestPeer edge(ResourceUrl http) throws Exception {
        return TestPeer.connect(tracker.webSocket(), null)
                .say(new Hello(DEMO, Role.EDGE, "it", null, null, List.of(), http, null));
    }

    private static Hello pageHello() {
        return new Hello(DEMO, Role.PAGE, "it", null, null, List.of(), null, null);
    }

    /** The announcement came over another connection, so it may be a moment late; the tracker bounds how often one asks. */
    private TrackerMessage.Candidate lookUpUntilFound(TestPeer page) throws Exception {
        for (long id = 1; ; id++) {
            page.say(new Lookup(id, List.of(CONTENT), 1, List.of()));
            List<TrackerMessage.Candidate> found = page.hear(Peers.class).peers();
            if (!found.isEmpty() && found.get(0).holds().contains(CONTENT)) {
                return found.get(0);
            }
            Thread.sleep(1000 / Limits.MAX_MESSAGES_PER_SECOND);
        }
    }

    private int closeCode(String origin, Hello hello) throws Exception {
        return TestPeer.connect(tracker.webSocket(), origin).say(hello).closeCode();
    }
}
