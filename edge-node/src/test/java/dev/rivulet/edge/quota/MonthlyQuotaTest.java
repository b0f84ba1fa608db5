package dev.rivulet.edge.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.store.SmallFileSystem;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is counted, written down, and what follows; the thread that does it every second is the test's own. */
final class MonthlyQuotaTest {
    private static final long LIMIT = 1000;

    @TempDir
    Path home;

    private final AtomicLong total = new AtomicLong();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private Path file;

    @BeforeEach
    void name() {
        file = home.resolve("month");
    }

    private MonthlyQuota quota(long limit) {
        total.set(0);
        return new MonthlyQuota(file, limit, total::get, () -> now);
    }

    private void pass(MonthlyQuota quota, Duration time) {
        now = now.plus(time);
        quota.sample();
    }

    @Test
    void usedUpItClosesAndTheNextMonthOpensItAgain() {
        MonthlyQuota quota = quota(LIMIT);
        total.set(LIMIT - 1);
        pass(quota, MonthlyQuota.SAMPLE);
        assertThat(quota.closedFor()).isZero();

        total.set(LIMIT);
        pass(quota, MonthlyQuota.SAMPLE);

        assertThat(quota.closedFor()).isEqualTo(Duration.between(now, Instant.parse("2026-12-01T00:00:00Z")));
        pass(quota, Duration.ofDays(10));
        assertThat(quota.closedFor()).isZero();
        assertThat(quota.standing().usage().bytes()).isZero();
    }

    @Test
    void aRestartGoesOnCounting() {
        try (MonthlyQuota before = quota(LIMIT)) {
            total.set(600);
            pass(before, MonthlyQuota.SAMPLE);
        }

        MonthlyQuota after = quota(LIMIT);
        total.set(400);
        pass(after, MonthlyQuota.SAMPLE);

        assertThat(after.standing().usage().bytes()).isEqualTo(1000);
        assertThat(after.closedFor()).isPositive();
    }

    @Test
    void whatIsUsedUpStaysSoAfterAKill() {
        MonthlyQuota killed = quota(LIMIT);
        total.set(LIMIT);
        pass(killed, MonthlyQuota.SAMPLE);

        assertThat(quota(LIMIT).closedFor()).isPositive();
        assertThat(quota(2 * LIMIT).closedFor()).isZero();
        assertThat(quota(0).closedFor()).isZero();
    }

    @Test
    void aKillForgetsTheLastSecondsOnly() {
        MonthlyQuota killed = quota(LIMIT);
        for (int second = 1; second <= 60; second++) {
            total.addAndGet(10);
            pass(killed, Duration.ofSeconds(1));
        }

        long remembered = quota(LIMIT).standing().usage().bytes();

        assertThat(remembered).isBetween(600L - 10 * MonthlyQuota.WRITE_SECONDS, 600L);
    }

    @Test
    void anotherMonthsCountIsNotTakenUp() {
        try (MonthlyQuota november = quota(LIMIT)) {
            total.set(LIMIT);
            pass(november, MonthlyQuota.SAMPLE);
        }
        now = Instant.parse("2026-12-24T18:00:00Z");

        assertThat(quota(LIMIT).closedFor()).isZero();
    }

    @Test
    void aMachineThatBootsInThePastGetsNoSecondMonth() {
        try (MonthlyQuota before = quota(LIMIT)) {
            total.set(600);
            pass(before, MonthlyQuota.SAMPLE);
        }
        Instant right = now;
        now = Instant.parse("1970-01-01T00:01:00Z");
        try (MonthlyQuota booting = quota(LIMIT)) {
            total.set(100);
            pass(booting, MonthlyQuota.SAMPLE);
            assertThat(booting.standing().usage().bytes()).isEqualTo(700);
        }
        MonthlyQuota after = quota(LIMIT);
        now = right.plusSeconds(3600);
        total.set(300);
        pass(after, MonthlyQuota.SAMPLE);

        assertThat(after.standing().usage().bytes()).isEqualTo(1000);
        assertThat(after.closedFor()).isEqualTo(Duration.between(now, Instant.parse("2026-12-01T00:00:00Z")));
    }

    @Test
    void aClockThatWasAheadForAMomentGivesNoSecondMonth() {
        MonthlyQuota quota = quota(LIMIT);
        total.set(600);
        pass(quota, MonthlyQuota.SAMPLE);
        Instant right = now;
        now = Instant.parse("2036-02-07T06:28:16Z");
        pass(quota, MonthlyQuota.SAMPLE);

        now = right;
        total.addAndGet(400);
        pass(quota, MonthlyQuota.SAMPLE);

        assertThat(quota.standing().usage().bytes()).isEqualTo(1000);
        assertThat(quota.closedFor()).isPositive();
        pass(quota, Duration.ofDays(10));
        assertThat(quota.closedFor()).isZero();
    }

    @Test
    void aRestartWhileTheClockIsAheadDoesNotForgetTheMonth() {
        try (MonthlyQuota before = quota(LIMIT)) {
            total.set(LIMIT);
            pass(before, MonthlyQuota.SAMPLE);
        }
        Instant right = now;
        now = Instant.parse("2036-02-07T06:28:16Z");
        total.set(0);
        try (MonthlyQuota before = quota(LIMIT)) {
            total.set(5);
            pass(before, MonthlyQuota.SAMPLE);
        }
        total.set(0);
        MonthlyQuota ahead = quota(LIMIT);

        now = right.plusSeconds(3600);
        pass(ahead, MonthlyQuota.SAMPLE);

        assertThat(ahead.standing().usage().bytes()).isGreaterThanOrEqualTo(LIMIT);
        assertThat(ahead.closedFor()).isPositive();
    }

    @Test
    void aClockThatIsSetBackAcrossTheTurnDoesNotSpoilTheNewMonth() {
        now = Instant.parse("2026-11-30T23:59:58Z");
        MonthlyQuota quota = quota(LIMIT);
        total.set(LIMIT);
        pass(quota, Duration.ofSeconds(1));
        pass(quota, Duration.ofSeconds(1));
        assertThat(quota.closedFor()).isZero();
        pass(quota, Duration.ofSeconds(-1));
        assertThat(quota.closedFor()).isPositive();
        total.addAndGet(7);

        pass(quota, Duration.ofSeconds(1));

        assertThat(quota.standing().usage().bytes()).isEqualTo(7);
        assertThat(quota.closedFor()).isZero();
    }

    @Test
    void aDamagedCountIsNotTakenForNone() throws IOException {
        Files.writeString(file, "garbage");

        assertThatThrownBy(() -> quota(LIMIT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aRestartOnAFullDiskForgetsNothing() throws IOException {
        Path directory = Files.createDirectory(home.resolve("small"));
        file = directory.resolve("month");
        try (SmallFileSystem disk = SmallFileSystem.mount(directory, 1)) {
            MonthlyQuota killed = quota(LIMIT);
            total.set(1);
            pass(killed, Duration.ofSeconds(MonthlyQuota.WRITE_SECONDS));
            disk.fill();
            total.set(LIMIT);
            pass(killed, MonthlyQuota.SAMPLE);

            MonthlyQuota after = quota(LIMIT);

            assertThat(after.closedFor()).isPositive();
            total.set(5);
            pass(after, Duration.ofSeconds(MonthlyQuota.WRITE_SECONDS));
            assertThat(quota(LIMIT).standing().usage().bytes()).isEqualTo(LIMIT + 5);
        }
    }

    @Test
    void theCountOfAnEarlierVersionIsTakenUp() throws IOException {
        Files.writeString(file, "2026-11 600\n2026-10 7\n");

        MonthlyQuota quota = quota(LIMIT);
        total.set(400);
        pass(quota, MonthlyQuota.SAMPLE);

        assertThat(quota(LIMIT).standing().usage().bytes()).isEqualTo(1000);
    }

    @Test
    void whatCannotBeWrittenDownIsCountedAllTheSame() throws IOException {
        Path directory = home.resolve("gone");
        file = directory.resolve("month");
        MonthlyQuota quota = quota(LIMIT);
        Files.writeString(directory, "a file where a directory should be");
        total.set(LIMIT);

        pass(quota, MonthlyQuota.SAMPLE);

        assertThat(quota.closedFor()).isPositive();
    }
}
