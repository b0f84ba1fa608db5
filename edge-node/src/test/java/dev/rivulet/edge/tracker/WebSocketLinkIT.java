package dev.rivulet.edge.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.ErrorMessage;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class WebSocketLinkIT {
    private static final Greeting GREETING = new Greeting(
            TestTracker.SITE, "rivulet-edge/test", "secret", SigningKey.generate(new SecureRandom()), null);
    private static final Announce ANNOUNCE = new Announce(List.of(), List.of(), null, 3);

    private final TestTracker tracker = new TestTracker();
    private final List<TrackerMessage> heard = new CopyOnWriteArrayList<>();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final AtomicInteger losses = new AtomicInteger();
    private final WebSocketLink link = new WebSocketLink(
            tracker.base(),
            Duration.ofSeconds(30),
            RandomGenerator.getDefault(),
            (code, reason) -> refusals.add(code + " " + reason));

    {
        link.listen(new TrackerLink.Listener() {
            @Override
            public void received(TrackerMessage message) {
                heard.add(message);
            }

            @Override
            public void lost() {
                losses.incrementAndGet();
            }
        });
    }

    @AfterEach
    void close() {
        link.close();
        tracker.close();
    }

    @Test
    void theEdgeSaysWhoItIsAndIsWelcomed() throws Exception {
        var unused = link.start(GREETING);

        Hello hello = tracker.next(Hello.class);
        assertThat(hello.role()).isEqualTo(Role.EDGE);
        assertThat(hello.site()).isEqualTo(TestTracker.SITE);
        assertThat(hello.token()).isEqualTo("secret");
        assertThat(hello.resume()).isNull();
        Eventually.holds("a welcome", () -> !heard.isEmpty());
        assertThat(heard.get(0)).isInstanceOf(Welcome.class);
        assertThat(link.isTrackerPrivate()).isTrue();
    }

    @Test
    void messagesGoBothWays() throws Exception {
        assertThat(link.send(ANNOUNCE)).isFalse();
        var unused = link.start(GREETING);
        Eventually.holds("a welcome", () -> !heard.isEmpty());

        assertThat(link.send(ANNOUNCE)).isTrue();
        ErrorMessage error = new ErrorMessage("limit", "slow down", false, null, null);
        tracker.send(error);

        assertThat(tracker.next(Announce.class)).isEqualTo(ANNOUNCE);
        Eventually.holds("the error", () -> heard.contains(error));
    }

    @Test
    void aLostTrackerIsFoundAgainAndThePeerIdResumed() throws Exception {
        var unused = link.start(GREETING);
        assertThat(tracker.next(Hello.class).resume()).isNull();
        Eventually.holds("a welcome", () -> tracker.welcomes() == 1 && !heard.isEmpty());

        tracker.stop();
        Eventually.holds("the loss is noticed", () -> losses.get() == 1);
        assertThat(link.send(ANNOUNCE)).isFalse();
        tracker.start();

        assertThat(tracker.next(Hello.class).resume()).isEqualTo("resume-1");
        Eventually.holds("sending works again", () -> link.send(ANNOUNCE));
    }

    @Test
    void aTrackerThatIsNotThereYetIsWaitedFor() throws Exception {
        tracker.stop();
        var unused = link.start(GREETING);
        tracker.start();

        assertThat(tracker.next(Hello.class)).isNotNull();
        Eventually.holds("a welcome", () -> !heard.isEmpty());
        assertThat(losses).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = TrackerCloseCode.class,
            names = {"UNAUTHORIZED", "FORBIDDEN", "UNKNOWN_SITE", "REPLACED", "REVOKED"})
    void aFinalRefusalIsToldAndNotTriedAgain(TrackerCloseCode code) throws Exception {
        tracker.refuse(code.code());
        var unused = link.start(GREETING);

        Eventually.holds("the refusal", () -> refusals.size() == 1);
        assertThat(refusals).containsExactly(code + " refused");
        tracker.refuse(0);
        tracker.next(Hello.class);
        assertThat(tracker.welcomes()).isZero();
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = TrackerCloseCode.class,
            names = {"UNAUTHORIZED", "FORBIDDEN", "UNKNOWN_SITE"})
    void whoWasWelcomedBeforeAsksAgainWhenRefused(TrackerCloseCode code) throws Exception {
        var unused = link.start(GREETING);
        Eventually.holds("a welcome", () -> !heard.isEmpty());

        tracker.refuse(code.code());
        tracker.closeAll(code.code());
        Eventually.holds("the refusal", () -> link.refusal().isPresent());
        assertThat(link.refusal().orElseThrow().code()).isEqualTo(code);
        tracker.refuse(0);

        Eventually.holds("a welcome again", () -> tracker.welcomes() == 2);
        Eventually.holds("it is let in", () -> link.refusal().isEmpty());
        assertThat(refusals).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = TrackerCloseCode.class,
            names = {"REVOKED", "REPLACED"})
    void whoIsRevokedOrReplacedStopsThoughItWasWelcomed(TrackerCloseCode code) throws Exception {
        var unused = link.start(GREETING);
        Eventually.holds("a welcome", () -> !heard.isEmpty());

        tracker.closeAll(code.code());

        Eventually.holds("the refusal", () -> refusals.size() == 1);
        assertThat(tracker.welcomes()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = TrackerCloseCode.class,
            names = {"MALFORMED", "RATE_LIMIT", "INTERNAL", "GOING_AWAY", "HELLO_TIMEOUT"})
    void otherClosesAreFollowedByAnotherAttempt(TrackerCloseCode code) throws Exception {
        var unused = link.start(GREETING);
        tracker.next(Hello.class);
        Eventually.holds("a welcome", () -> !heard.isEmpty());

        tracker.closeAll(code.code());

        assertThat(tracker.next(Hello.class).resume()).isEqualTo("resume-1");
        assertThat(refusals).isEmpty();
    }

    @Test
    void aTrackerThatIsGoneIsReplacedByAnotherThatItNamed() throws Exception {
        try (TestTracker second = new TestTracker()) {
            tracker.others(List.of(ResourceUrl.parseBase(second.base() + "/")));
            var unused = link.start(GREETING);
            Eventually.holds("a welcome", () -> !heard.isEmpty());

            tracker.stop();

            assertThat(second.next(Hello.class)).isNotNull();
            Eventually.holds("welcomed there", () -> second.welcomes() == 1 && link.send(ANNOUNCE));
            assertThat(link.base()).isEqualTo(second.base());
        } finally {
            tracker.start();
        }
    }

    @Test
    void anotherTrackerThatRefusesDoesNotEndIt() throws Exception {
        try (TestTracker second = new TestTracker()) {
            second.refuse(TrackerCloseCode.UNAUTHORIZED.code());
            tracker.others(List.of(ResourceUrl.parseBase(second.base() + "/")));
            var unused = link.start(GREETING);
            Eventually.holds("a welcome", () -> tracker.welcomes() == 1 && !heard.isEmpty());

            tracker.stop();
            assertThat(second.next(Hello.class)).isNotNull();
            tracker.start();

            Eventually.holds("welcomed at home", () -> tracker.welcomes() == 2);
            assertThat(refusals).isEmpty();
        }
    }

    @Test
    void aClosedLinkSaysGoodbyeAndStaysClosed() throws Exception {
        var unused = link.start(GREETING);
        Eventually.holds("a welcome", () -> !heard.isEmpty());

        link.close();

        assertThat(link.send(ANNOUNCE)).isFalse();
        assertThat(losses).hasValue(0);
    }
}
