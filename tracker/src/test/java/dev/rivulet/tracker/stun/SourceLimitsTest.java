package dev.rivulet.tracker.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SourceLimitsTest {
    private final SourceLimits limits = new SourceLimits(0);

    @Test
    void oneAddressGetsItsBurstAndThenItsRate() throws UnknownHostException {
        assertThat(admitted("192.0.2.1", 2 * SourceLimits.BURST, 0)).isEqualTo(SourceLimits.BURST);
        assertThat(admitted("192.0.2.1", SourceLimits.BURST, 1000)).isEqualTo(SourceLimits.PER_SECOND);
        assertThat(admitted("192.0.2.2", 10, 1000)).as("somebody else").isEqualTo(10);
    }

    @Test
    void aNetworkOfIpv6IsOneSource() throws UnknownHostException {
        assertThat(admitted("2001:db8::1", SourceLimits.BURST, 0)).isEqualTo(SourceLimits.BURST);
        assertThat(admitted("2001:db8::ffff:1", 10, 0)).isZero();
        assertThat(admitted("2001:db8:0:1::1", 10, 0)).isEqualTo(10);
    }

    @Test
    void allTogetherHaveALimitAndFewAreRemembered() throws UnknownHostException {
        int admitted = 0;
        for (int i = 0; i < 2 * SourceLimits.TOTAL_BURST; i++) {
            admitted += admitted("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), 1, 0);
        }

        assertThat(admitted).isEqualTo(SourceLimits.TOTAL_BURST);
        assertThat(limits.size()).isEqualTo(SourceLimits.MAX_SOURCES);
    }

    private int admitted(String source, int times, long nowMs) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(source);
        return (int) IntStream.range(0, times)
                .filter(i -> limits.admit(address, nowMs))
                .count();
    }
}
