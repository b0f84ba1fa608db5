package dev.rivulet.edge.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NatKindTest {
    private static final InetSocketAddress PUBLIC = new InetSocketAddress("192.0.2.1", 4000);
    private static final InetSocketAddress OTHER_PORT = new InetSocketAddress("192.0.2.1", 4001);

    @Test
    void whatWasSeenNamesTheNetwork() throws UnknownHostException {
        String here = "192.0.2.1";
        String elsewhere = "10.0.0.2";

        assertThat(kind(null, null, false, elsewhere)).isEqualTo(NatKind.UNREACHABLE);
        assertThat(kind(PUBLIC, PUBLIC, true, here)).isEqualTo(NatKind.OPEN);
        assertThat(kind(PUBLIC, PUBLIC, false, here)).isEqualTo(NatKind.FIREWALLED);
        assertThat(kind(PUBLIC, PUBLIC, false, elsewhere)).isEqualTo(NatKind.STEADY);
        assertThat(kind(PUBLIC, null, false, elsewhere)).isEqualTo(NatKind.STEADY);
        assertThat(kind(PUBLIC, PUBLIC, true, elsewhere)).isEqualTo(NatKind.FORWARDED);
        assertThat(kind(PUBLIC, OTHER_PORT, false, elsewhere)).isEqualTo(NatKind.SYMMETRIC);
    }

    private static NatKind kind(
            @Nullable InetSocketAddress mapped, @Nullable InetSocketAddress other, boolean strangers, String own)
            throws UnknownHostException {
        return NatKind.of(new NatKind.Seen(mapped, other, strangers), Set.of(InetAddress.getByName(own)));
    }
}
