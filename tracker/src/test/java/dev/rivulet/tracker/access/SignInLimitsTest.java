package dev.rivulet.tracker.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class SignInLimitsTest {
    private static final long NOW = 1_000_000;

    private final SignInLimits limits = new SignInLimits();

    @Test
    void aNameWaitsAfterSomeFailuresAndThenForEachMore() throws Exception {
        for (int i = 0; i < SignInLimits.NAME_BURST; i++) {
            assertThat(limits.pay("ada", address(i), NOW)).isZero();
        }

        assertThat(limits.pay("ada", address(99), NOW)).isEqualTo(SignInLimits.NAME_SECONDS);
        assertThat(limits.pay("bob", address(99), NOW)).isZero();
        long later = NOW + SignInLimits.NAME_SECONDS * 1000L;
        assertThat(limits.pay("ada", address(99), later)).isZero();
        assertThat(limits.pay("ada", address(99), later)).isEqualTo(SignInLimits.NAME_SECONDS);
    }

    @Test
    void anAddressWaitsWhateverNamesItTries() throws Exception {
        for (int i = 0; i < SignInLimits.ADDRESS_BURST; i++) {
            assertThat(limits.pay("name" + i, address(1), NOW)).isZero();
        }

        assertThat(limits.pay("another", address(1), NOW)).isEqualTo(SignInLimits.ADDRESS_SECONDS);
        assertThat(limits.pay("another", address(2), NOW)).isZero();
    }

    @Test
    void addressesOfOneIpv6NetworkAreOne() throws Exception {
        for (int i = 0; i < SignInLimits.ADDRESS_BURST; i++) {
            limits.pay("name" + i, InetAddress.getByName("2001:db8::" + i), NOW);
        }

        assertThat(limits.pay("another", InetAddress.getByName("2001:db8::ffff"), NOW))
                .isPositive();
        assertThat(limits.pay("another", InetAddress.getByName("2001:db8:0:1::1"), NOW))
                .isZero();
    }

    @Test
    void theRightPasswordCostsNothing() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(limits.pay("ada", address(1), NOW)).isZero();
            limits.succeeded("ada", address(1), NOW);
        }
    }

    @Test
    void floodsOfNamesAreForgottenTheOldestFirst() throws Exception {
        for (int i = 0; i < SignInLimits.NAME_BURST; i++) {
            limits.pay("ada", address(1), NOW);
        }
        for (int i = 0; i < SignInLimits.MAX_REMEMBERED; i++) {
            limits.pay("n" + i, address(1000 + i), NOW);
        }

        assertThat(limits.pay("ada", address(2), NOW)).isZero();
    }

    /** Whatever the pauses: never more than the burst and one for each period that passed. */
    @Property
    void inAnyTimeNoMoreThanTheBurstAndItsRate(@ForAll @Size(max = 60) List<@IntRange(max = 90) Integer> pauses)
            throws Exception {
        SignInLimits fresh = new SignInLimits();
        long now = NOW;
        int tried = 0;
        int number = 0;

        for (int pause : pauses) {
            now += pause * 1000L;
            tried += fresh.pay("ada", address(number++), now) == 0 ? 1 : 0;
        }

        assertThat(tried)
                .isLessThanOrEqualTo(SignInLimits.NAME_BURST + (int) ((now - NOW) / 1000 / SignInLimits.NAME_SECONDS));
    }

    private static InetAddress address(int number) throws Exception {
        return InetAddress.getByAddress(new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }
}
