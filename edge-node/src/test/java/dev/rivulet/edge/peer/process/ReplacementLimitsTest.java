package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.process.ReplacementLimits.Vitals;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ReplacementLimitsTest {
    private final ReplacementLimits limits = new ReplacementLimits(10, 100, Duration.ofHours(2), 1 << 20);

    @Test
    void belowEveryLimitAProcessStays() {
        Vitals vitals = new Vitals(9, 99, Duration.ofHours(2).minusNanos(1), OptionalLong.of((1 << 20) - 1));

        assertThat(limits.reached(vitals)).isEmpty();
    }

    @Test
    void eachLimitAloneIsAReason() {
        Duration hour = Duration.ofHours(1);

        assertThat(limits.reached(new Vitals(10, 0, hour, OptionalLong.empty())))
                .hasValue("it has made 10 connections");
        assertThat(limits.reached(new Vitals(0, 100, hour, OptionalLong.empty())))
                .hasValue("it has received 100 messages");
        assertThat(limits.reached(new Vitals(0, 0, hour.multipliedBy(2), OptionalLong.empty())))
                .hasValue("it has run for 2 h");
        assertThat(limits.reached(new Vitals(0, 0, hour, OptionalLong.of(1 << 20))))
                .hasValue("it occupies 1 MiB");
    }

    @Test
    void aLimitOfMemoryThatEveryProcessExceedsReplacesOnlyNowAndThen() {
        Duration young = ReplacementLimits.LEAST_AGE_FOR_MEMORY.minusNanos(1);

        assertThat(limits.reached(new Vitals(0, 0, young, OptionalLong.of(1L << 40))))
                .isEmpty();
    }

    @Test
    void unknownMemoryIsNoReason() {
        assertThat(limits.reached(new Vitals(0, 0, Duration.ofHours(1), OptionalLong.empty())))
                .isEmpty();
    }

    @Test
    void anEdgeOfManyPeersDoesNotReplaceBecauseOfThoseThatMoved() {
        int many = ReplacementLimits.CONNECTIONS;

        assertThat(ReplacementLimits.of(64, 1).connections()).isEqualTo(ReplacementLimits.CONNECTIONS);
        assertThat(ReplacementLimits.of(many, 1).connections()).isGreaterThanOrEqualTo(4 * many);
    }

    @Test
    void theHeapHasRoomForWhatTheMessagesLeakTwice() {
        // webrtc-java 0.14.0, measured: bytes of heap that every message received leaves behind.
        long leaked = 88 * ReplacementLimits.MESSAGES;

        assertThat(2 * leaked).isLessThan((long) ChildCommand.LEAKED_HEAP_MIB << 20);
    }
}
