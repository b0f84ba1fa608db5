package dev.rivulet.tracker.indexing;

import static dev.rivulet.tracker.indexing.Askers.url;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RefusalsTest {
    private static final SiteUrl URL = url("https://content.example/a");
    private static final long NOW = 1_000_000;

    private final Refusals refusals = new Refusals();

    @Test
    void whatWasNeverTriedIsNotPaused() {
        assertThat(refusals.pausedUntil(URL)).isLessThan(NOW);
    }

    @Test
    void pausesDoubleUpToTheirBound() {
        refusals.failed(URL, NOW);
        assertThat(refusals.pausedUntil(URL)).isEqualTo(NOW + Refusals.FAILED_MS);
        refusals.failed(URL, NOW);
        assertThat(refusals.pausedUntil(URL)).isEqualTo(NOW + 2 * Refusals.FAILED_MS);

        for (int i = 0; i < 100; i++) {
            refusals.failed(URL, NOW);
        }
        assertThat(refusals.pausedUntil(URL)).isEqualTo(NOW + Refusals.MAX_FAILED_MS);
    }

    @Test
    void whatMustNotBeSharedIsLeftAloneForLonger() {
        refusals.refused(URL, NOW);

        assertThat(refusals.pausedUntil(URL)).isEqualTo(NOW + Refusals.REFUSED_MS);
        assertThat(Refusals.REFUSED_MS).isGreaterThan(Refusals.FAILED_MS);
    }

    @Test
    void successForgetsTheFailures() {
        refusals.failed(URL, NOW);
        refusals.succeeded(URL);
        assertThat(refusals.pausedUntil(URL)).isLessThan(NOW);

        refusals.failed(URL, NOW);
        assertThat(refusals.pausedUntil(URL)).isEqualTo(NOW + Refusals.FAILED_MS);
    }
}
