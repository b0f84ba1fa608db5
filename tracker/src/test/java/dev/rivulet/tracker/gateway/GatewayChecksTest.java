package dev.rivulet.tracker.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.protocol.message.TrackerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class GatewayChecksTest {
    private static final HttpChecked REFUSED = new HttpChecked(HttpChecked.CONNECT, "the connection is refused");
    private static final long HOUR_MS = Limits.HTTP_RECHECK_SECONDS * 1000L;

    private long nowMs = 5_000;
    private final FakeGateways gateways = new FakeGateways(() -> nowMs);
    private final GatewayChecks checks = gateways.checks;
    private final Edge edge = new Edge();

    private static final class Edge implements GatewayChecks.Claimant {
        final List<TrackerMessage> sent = new ArrayList<>();
        final List<Boolean> reached = new ArrayList<>();

        @Override
        public void send(TrackerMessage message) {
            sent.add(message);
        }

        @Override
        public void reached(boolean isReached) {
            reached.add(isReached);
        }

        List<String> tokens() {
            return sent.stream()
                    .filter(HttpCheck.class::isInstance)
                    .map(message -> ((HttpCheck) message).token())
                    .toList();
        }
    }

    @Test
    void theTokenThatAnEdgeWasGivenIsLookedForOnceItSaysSo() {
        checks.joined(claim(), edge);
        assertThat(gateways.looks).isEmpty();

        checks.ready(edge);

        assertThat(gateways.looks)
                .containsExactly(new FakeGateways.Look(claim(), edge.tokens().get(0), false));
        assertThat(edge.reached).containsExactly(true);
        assertThat(edge.sent).hasSize(2).endsWith(HttpChecked.REACHED);
    }

    @Test
    void whoNeverAnswersIsNeverReached() {
        checks.joined(claim(), edge);
        pass(10 * HOUR_MS);

        assertThat(gateways.looks).isEmpty();
        assertThat(edge.sent).hasSize(1);
        assertThat(edge.reached).isEmpty();
    }

    @Test
    void whoIsReadyForNothingIsIgnored() {
        checks.ready(edge);
        checks.joined(claim(), edge);
        checks.ready(edge);
        checks.ready(edge);

        assertThat(gateways.looks).hasSize(1);
    }

    @Test
    void whatWasReachedIsLookedForAgainWithAnotherTokenAboutAnHourLater() {
        checks.joined(claim(), edge);
        checks.ready(edge);
        pass(HOUR_MS / 2);
        assertThat(edge.tokens()).hasSize(1);

        pass(HOUR_MS);
        checks.ready(edge);

        assertThat(edge.tokens()).hasSize(2).doesNotHaveDuplicates();
        assertThat(gateways.looks).hasSize(2);
        assertThat(gateways.looks.get(1).urgent()).isTrue();
    }

    @Test
    void whoWasReachedAndAnswersNoMoreIsNotReachedUntilItDoes() {
        checks.joined(claim(), edge);
        checks.ready(edge);
        pass(2 * HOUR_MS);
        pass(GatewayChecks.ANSWER_MS - 1);
        assertThat(edge.reached).containsExactly(true);

        pass(1);
        pass(HOUR_MS);
        assertThat(edge.reached).containsExactly(true, false);
        assertThat(edge.sent).last().isInstanceOf(HttpChecked.class).isNotEqualTo(HttpChecked.REACHED);

        checks.ready(edge);
        assertThat(edge.reached).containsExactly(true, false, true);
    }

    @Test
    void othersFailuresAtItsAddressHoldNobodyUpForGood() {
        gateways.found = Optional.empty();
        checks.joined(claim(), edge);
        for (int look = 0; look <= GatewayChecks.MAX_DEFERRALS; look++) {
            checks.ready(edge);
            pass(2 * GatewayChecks.FIRST_PAUSE_MS);
        }

        assertThat(gateways.looks)
                .extracting(FakeGateways.Look::urgent)
                .startsWith(false, false, false)
                .last()
                .isEqualTo(true);
    }

    @Test
    void whatIsNotReachedAnyMoreIsSaidToBeAndLookedForSoon() {
        checks.joined(claim(), edge);
        checks.ready(edge);
        gateways.found = Optional.of(REFUSED);
        pass(2 * HOUR_MS);

        checks.ready(edge);
        assertThat(edge.reached).containsExactly(true, false);
        assertThat(edge.sent).endsWith(REFUSED);

        gateways.found = Optional.of(HttpChecked.REACHED);
        pass(2 * GatewayChecks.FIRST_PAUSE_MS);
        checks.ready(edge);
        assertThat(edge.reached).containsExactly(true, false, true);
    }

    @Test
    void pausesGrowAsLongAsItFails() {
        gateways.found = Optional.of(REFUSED);
        checks.joined(claim(), edge);
        List<Long> pauses = new ArrayList<>();
        for (int look = 0; look < 12; look++) {
            checks.ready(edge);
            int given = edge.tokens().size();
            long beganMs = nowMs;
            while (edge.tokens().size() == given) {
                pass(1000);
            }
            pauses.add(nowMs - beganMs);
        }

        assertThat(pauses.get(0)).isLessThanOrEqualTo(2 * GatewayChecks.FIRST_PAUSE_MS);
        assertThat(pauses.get(4)).isGreaterThan(8 * GatewayChecks.FIRST_PAUSE_MS);
        assertThat(pauses.get(11)).isBetween(GatewayChecks.LONGEST_PAUSE_MS / 2, 2 * GatewayChecks.LONGEST_PAUSE_MS);
    }

    @Test
    void whereItMayNotLookYetItSaysNothingAndComesBack() {
        gateways.found = Optional.empty();
        checks.joined(claim(), edge);
        checks.ready(edge);
        assertThat(edge.sent).hasSize(1);

        gateways.found = Optional.of(HttpChecked.REACHED);
        pass(2 * GatewayChecks.FIRST_PAUSE_MS);
        checks.ready(edge);

        assertThat(gateways.looks).extracting(FakeGateways.Look::urgent).containsExactly(false, false);
        assertThat(edge.reached).containsExactly(true);
    }

    @Test
    void whoLeftIsNotLookedForAndHearsNothing() {
        List<Runnable> tasks = new ArrayList<>();
        GatewayChecks later = new GatewayChecks(
                (claim, check, urgent) -> {
                    throw new AssertionError("nobody is there any more");
                },
                tasks::add,
                () -> nowMs,
                new SplittableRandom(2));
        later.joined(claim(), edge);
        later.ready(edge);

        later.left(edge);
        tasks.forEach(Runnable::run);
        nowMs += HOUR_MS;
        later.beat();

        assertThat(edge.sent).hasSize(1);
        assertThat(edge.reached).isEmpty();
    }

    @Test
    void anEdgeThatComesAnewIsLookedForAtOnce() {
        gateways.found = Optional.of(REFUSED);
        checks.joined(claim(), edge);
        checks.ready(edge);
        checks.left(edge);
        gateways.found = Optional.of(HttpChecked.REACHED);
        Edge again = new Edge();

        checks.joined(claim(), again);
        checks.ready(again);

        assertThat(again.reached).containsExactly(true);
    }

    private void pass(long ms) {
        nowMs += ms;
        checks.beat();
    }

    private static Claim claim() {
        try {
            return new Claim(
                    new SiteId("demo"),
                    PeerId.parse("EBESExQVFhcYGRobHB0eHw"),
                    ResourceUrl.parse("https://edge.example/"),
                    null);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }
}
