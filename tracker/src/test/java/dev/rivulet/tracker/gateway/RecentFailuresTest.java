package dev.rivulet.tracker.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecentFailuresTest {
    private final RecentFailures failures = new RecentFailures();

    @Test
    void anAddressIsLeftAloneForAWhile() throws UnknownHostException {
        failures.add(List.of(address(1), address(2)), 1000);

        assertThat(failures.hasAny(List.of(address(2), address(3)), 1000)).isTrue();
        assertThat(failures.hasAny(List.of(address(1)), 999 + RecentFailures.PAUSE_MS))
                .isTrue();
        assertThat(failures.hasAny(List.of(address(1)), 1000 + RecentFailures.PAUSE_MS))
                .isFalse();
        assertThat(failures.hasAny(List.of(address(3)), 1000)).isFalse();
    }

    @Test
    void theLongestAgoAreForgottenWhenThereAreMany() throws UnknownHostException {
        for (int i = 0; i <= RecentFailures.MAX_ADDRESSES; i++) {
            failures.add(List.of(address(i)), 0);
            failures.add(List.of(address(0)), 0);
        }

        assertThat(failures.hasAny(List.of(address(1)), 0)).isFalse();
        assertThat(failures.hasAny(List.of(address(0)), 0)).isTrue();
        assertThat(failures.hasAny(List.of(address(RecentFailures.MAX_ADDRESSES)), 0))
                .isTrue();
    }

    private static InetAddress address(int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {8, 8, (byte) (number >> 8), (byte) number});
    }
}
