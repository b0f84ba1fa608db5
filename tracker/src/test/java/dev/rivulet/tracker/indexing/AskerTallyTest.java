package dev.rivulet.tracker.indexing;

import static dev.rivulet.tracker.indexing.Askers.asker;
import static dev.rivulet.tracker.indexing.Askers.url;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AskerTallyTest {
    private static final SiteUrl URL = url("https://content.example/a");

    private final AskerTally tally = new AskerTally(42);

    @Test
    void oneAskerIsEnoughWhereTheThresholdIsOne() {
        assertThat(tally.asked(URL, asker(1, "192.0.2.1"), 1, 0)).isTrue();
    }

    @Test
    void secondOfTwoNetworksReachesTwo() {
        assertThat(tally.asked(URL, asker(1, "198.51.100.1"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(2, "203.0.113.1"), 2, 0)).isTrue();
    }

    @Test
    void reloadsAndNeighboursInOneNetworkCountOnce() {
        assertThat(tally.asked(URL, asker(1, "198.51.100.1"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(2, "198.51.100.1"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(3, "198.51.100.99"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(4, "2001:4860:1:1::1"), 2, 0)).isTrue();
    }

    @Test
    void wholeIpv6SiteCountsOnce() {
        assertThat(tally.asked(URL, asker(1, "2001:4860:1:1::1"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(2, "2001:4860:1:2::1"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(3, "2001:4860:2::1"), 2, 0)).isTrue();
    }

    @Test
    void onePeerThatMovesBetweenNetworksCountsOnce() {
        assertThat(tally.asked(URL, asker(1, "198.51.100.1"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(1, "203.0.113.1"), 2, 0)).isFalse();
    }

    @Test
    void peersBehindAProxyOnTheSameMachineAreToldApart() {
        assertThat(tally.asked(URL, asker(1, "127.0.0.1"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(2, "127.0.0.1"), 2, 0)).isTrue();
    }

    @Test
    void urlsAreCountedApart() {
        assertThat(tally.asked(URL, asker(1, "198.51.100.1"), 2, 0)).isFalse();
        assertThat(tally.asked(url("https://content.example/b"), asker(2, "203.0.113.1"), 2, 0))
                .isFalse();
    }

    @Test
    void countBeginsAgainWhenItWasReachedAndWhenNobodyAskedForLong() {
        assertThat(tally.asked(URL, asker(1, "198.51.100.1"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(2, "203.0.113.1"), 2, 0)).isTrue();
        assertThat(tally.asked(URL, asker(3, "192.0.2.1"), 2, 0)).isFalse();
        assertThat(tally.asked(URL, asker(4, "203.0.113.1"), 2, AskerTally.FORGET_MS + 1))
                .isFalse();
    }
}
