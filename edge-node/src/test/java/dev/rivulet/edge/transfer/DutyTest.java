package dev.rivulet.edge.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.Rendezvous;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.message.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class DutyTest {
    private static final ContentId CONTENT = new ContentId(new Sha256(1, 2, 3, 4));
    private static final Duration ROUND_TRIP = Duration.ofMillis(80);
    private static final Duration CLAIMED_BY = Duty.CLAIM_PATIENCE.plus(ROUND_TRIP);
    private static final PeerId SELF = new PeerId(1, 1);
    private static final Rival EDGE = rival(2, Role.EDGE);
    private static final Rival PAGE = rival(3, Role.PAGE);
    private static final int THEIRS = pieceWhereFirst(EDGE.peer(), SELF);
    private static final int OWN = pieceWhereFirst(SELF, EDGE.peer());

    private final Duty duty = new Duty(CONTENT);

    @Test
    void aloneEverythingIsOnesOwn() {
        for (int piece = 0; piece < 100; piece++) {
            assertThat(leave(piece, 0, 0)).isZero();
        }
    }

    @Test
    void whoHasNoIdYetLeavesNothingToOthers() {
        assertThat(duty.leave(THEIRS, 0, null, List.of(EDGE), 0)).isZero();
    }

    @Test
    void exactlyOneOfManyEdgesAsksAndEachHasItsShare() {
        List<PeerId> peers =
                LongStream.range(0, 8).mapToObj(i -> new PeerId(i, i)).toList();
        Map<PeerId, Integer> shares = new HashMap<>();
        for (int piece = 0; piece < 4096; piece++) {
            List<PeerId> asking = new ArrayList<>();
            for (PeerId self : peers) {
                List<Rival> others = peers.stream()
                        .filter(peer -> !peer.equals(self))
                        .map(peer -> new Rival(peer, Role.EDGE, ROUND_TRIP))
                        .toList();
                if (new Duty(CONTENT).leave(piece, 0, self, others, 0).isZero()) {
                    asking.add(self);
                }
            }
            assertThat(asking).as("who asks for piece %s", piece).hasSize(1);
            shares.merge(asking.get(0), 1, Integer::sum);
        }
        assertThat(shares.values()).hasSize(8).allMatch(share -> share > 400);
    }

    @Test
    void whatNobodyClaimedIsNoDutyOfPages() {
        for (int piece = 0; piece < 100; piece++) {
            assertThat(leave(piece, 0, 0, PAGE)).isZero();
        }
    }

    @Test
    void aClaimIsWaitedForALittleAndThenThatEdgeIsNotForAWhile() {
        int next = IntStream.range(THEIRS + 1, 1000)
                .filter(piece -> isFirst(EDGE.peer(), SELF, piece))
                .findFirst()
                .orElseThrow();

        assertThat(leave(THEIRS, 0, 0, EDGE)).isEqualTo(CLAIMED_BY);
        assertThat(leave(THEIRS, nanos(CLAIMED_BY) - 1, 0, EDGE)).isEqualTo(Duration.ofNanos(1));
        assertThat(leave(THEIRS, nanos(CLAIMED_BY), 0, EDGE)).isZero();
        assertThat(leave(next, 0, nanos(Duty.SHIRKED) - 1, EDGE)).isZero();
        assertThat(leave(next, 0, nanos(Duty.SHIRKED), EDGE)).isPositive();
    }

    @Test
    void whatAnybodyClaimedIsWaitedForAsLongAsThereIsNewsOfIt() {
        for (Rival rival : List.of(EDGE, PAGE)) {
            duty.fetching(rival.peer(), List.of(OWN), false, 0);

            assertThat(leave(OWN, 0, 0, rival)).isEqualTo(Duty.STALE);
            assertThat(leave(OWN, 0, nanos(Duty.STALE), rival)).isZero();
            duty.told(rival.peer(), nanos(Duty.STALE));
            assertThat(leave(OWN, 0, nanos(Duty.STALE), rival)).isEqualTo(Duty.STALE);
        }
    }

    @Test
    void butNotForEverAndNotForTheSameAgain() {
        long end = nanos(Duty.PATIENCE);
        duty.fetching(PAGE.peer(), List.of(OWN, OWN + 1), false, end - 1);

        assertThat(leave(OWN, end - 1, end - 1, PAGE)).isEqualTo(Duration.ofNanos(1));
        assertThat(leave(OWN, end, end, PAGE)).isZero();
        duty.fetching(PAGE.peer(), List.of(OWN + 1), false, end + 1);
        assertThat(leave(OWN + 1, 0, end + 1, PAGE)).isZero();
        long later = end + nanos(Duty.DISTRUST);
        duty.fetching(PAGE.peer(), List.of(OWN + 1), false, later);
        assertThat(leave(OWN + 1, 0, later, PAGE)).isPositive();
    }

    @Test
    void whatIsGivenUpIsNotClaimedNorIsWhatWasClaimedBeforeLeaving() {
        duty.fetching(PAGE.peer(), List.of(1, 2), false, 0);
        duty.fetching(PAGE.peer(), List.of(1), true, 0);

        assertThat(leave(1, 0, 0, PAGE)).isZero();
        assertThat(leave(2, 0, 0, PAGE)).isPositive();
        duty.gone(PAGE.peer());
        assertThat(leave(2, 0, 0, PAGE)).isZero();
    }

    @Test
    void whateverOthersSayNobodyWaitsLongerThanThePatience() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Duty each = new Duty(CONTENT);
            List<Rival> rivals = LongStream.range(2, 2 + random.nextInt(6))
                    .mapToObj(i -> rival(i, random.nextBoolean() ? Role.EDGE : Role.PAGE))
                    .toList();
            long begin = random.nextLong() >> 1;
            long now = begin;
            Duration left = each.leave(OWN, 0, SELF, rivals, now);
            while (!left.isZero()) {
                assertThat(left).as("seed %s", seed).isPositive();
                // Somebody says something before that time is over, or not.
                now += (long) Math.ceil(left.toNanos() * random.nextDouble());
                for (Rival rival : rivals) {
                    if (random.nextBoolean()) {
                        each.fetching(rival.peer(), List.of(OWN), random.nextInt(4) == 0, now);
                    }
                }
                assertThat(now - begin).as("seed %s", seed).isLessThanOrEqualTo(nanos(Duty.PATIENCE));
                left = each.leave(OWN, now - begin, SELF, rivals, now);
            }
        }
    }

    private Duration leave(int piece, long waitedNanos, long nowNanos, Rival... rivals) {
        return duty.leave(piece, waitedNanos, SELF, List.of(rivals), nowNanos);
    }

    private static long nanos(Duration duration) {
        return duration.toNanos();
    }

    private static Rival rival(long number, Role role) {
        return new Rival(new PeerId(number, 0), role, ROUND_TRIP);
    }

    private static int pieceWhereFirst(PeerId first, PeerId other) {
        return IntStream.range(0, 100)
                .filter(piece -> isFirst(first, other, piece))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFirst(PeerId first, PeerId other, int piece) {
        return Rendezvous.score(first, CONTENT, piece) > Rendezvous.score(other, CONTENT, piece);
    }
}
