package dev.rivulet.edge.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.prefetch.Means.Situation;
import org.junit.jupiter.api.Test;

final class MeansTest {
    private static final long DISK = 1000;
    private static final long TRANSFER = 10_000;
    private static final long UPLOAD = 400;
    private static final long DOWNLOAD = 800;

    private final Means means = new Means(DISK, TRANSFER, UPLOAD, DOWNLOAD);
    private final Means unlimited = new Means(DISK, 0, 0, 0);

    @Test
    void anEdgeThatSendsLittleIsIdle() {
        assertThat(means.isIdle(new Situation(true, 0, 0, 0))).isTrue();
        assertThat(means.isIdle(new Situation(true, 0, 0, UPLOAD / Means.IDLE_PART - 1)))
                .isTrue();
        assertThat(means.isIdle(new Situation(true, 0, 0, UPLOAD / Means.IDLE_PART)))
                .isFalse();
    }

    @Test
    void anEdgeThatServesNothingFetchesNothingAhead() {
        assertThat(means.isIdle(new Situation(false, 0, 0, 0))).isFalse();
    }

    @Test
    void nothingMakesRoomForIt() {
        long most = DISK - DISK / Means.RESERVED_PART;

        assertThat(means.fits(new Situation(true, most - 10, 0, 0), 10)).isTrue();
        assertThat(means.fits(new Situation(true, most - 10, 0, 0), 11)).isFalse();
    }

    @Test
    void onlyAPartOfTheMonthsTransferGoesIntoIt() {
        long most = TRANSFER / Means.TRANSFER_PART;

        assertThat(means.fits(new Situation(true, 0, most - 10, 0), 9)).isTrue();
        assertThat(means.fits(new Situation(true, 0, most - 10, 0), 10)).isFalse();
        assertThat(means.isIdle(new Situation(true, 0, most, 0))).isFalse();
    }

    @Test
    void withoutLimitsThereAreStillBounds() {
        assertThat(unlimited.fits(new Situation(true, 0, Long.MAX_VALUE / 2, 0), 10))
                .isTrue();
        assertThat(unlimited.isIdle(new Situation(true, 0, 0, Means.UNLIMITED_IDLE)))
                .isFalse();
        assertThat(unlimited.rate()).isEqualTo(Means.UNLIMITED_RATE);
        assertThat(means.rate()).isEqualTo(DOWNLOAD / Means.RATE_PART);
    }
}
