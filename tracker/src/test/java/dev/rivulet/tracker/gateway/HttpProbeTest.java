package dev.rivulet.tracker.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HttpProbeTest {
    private final InetAddress elsewhere = address("198.51.0.7");
    private final InetAddress inside = address("10.0.0.7");
    private final InetAddress ours = address("203.0.114.1");
    private final InetAddress loopback = address("127.0.0.1");

    @Test
    void publicAddressesAndItsOwnAreWhereAnEdgeMayBe() {
        assertThat(permitted(elsewhere, elsewhere, inside)).containsExactly(elsewhere);
        assertThat(permitted(inside, elsewhere, inside)).containsExactly(elsewhere, inside);
        assertThat(permitted(null, elsewhere, inside)).containsExactly(elsewhere);
    }

    @Test
    void onlyAnEdgeOfThisHostMayBeAtIt() {
        assertThat(permitted(elsewhere, ours, loopback)).isEmpty();
        assertThat(permitted(loopback, ours, loopback, inside)).containsExactly(ours, loopback);
        assertThat(permitted(ours, ours, loopback)).containsExactly(ours);
    }

    private List<InetAddress> permitted(@Nullable InetAddress from, InetAddress... addresses) {
        List<InetAddress> here = List.of(ours, loopback);
        return HttpProbe.permitted(List.of(addresses), from, here::contains);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
