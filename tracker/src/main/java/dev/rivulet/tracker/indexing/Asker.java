package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.id.PeerId;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * Who asks for something.
 *
 * @param peer the peer, one per page load
 * @param address where it connects from; used to tell askers apart, and not kept
 */
public record Asker(PeerId peer, InetAddress address) {
    /** Bytes of an IPv4 address that one household or company is taken to share (/24). */
    private static final int IPV4_PREFIX_BYTES = 3;
    /** Bytes of an IPv6 address that one household or company is taken to share (/48). */
    private static final int IPV6_PREFIX_BYTES = 6;

    /**
     * A number that askers from one network have in common, salted so that it tells nothing about the address to who
     * does not know the salt. Behind a loopback or private address (a proxy on the same machine, a test) the address
     * says nothing about who asks, so there it is the peer's own.
     */
    long network(long salt) {
        if (address.isLoopbackAddress() || address.isSiteLocalAddress() || address.isLinkLocalAddress()) {
            return person(salt);
        }
        byte[] bytes = address.getAddress();
        int prefix = address instanceof Inet4Address ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES;
        return mix(salt, Arrays.hashCode(Arrays.copyOf(bytes, prefix)));
    }

    /** A number that stands for the peer. */
    long person(long salt) {
        return mix(salt, peer.hashCode());
    }

    /** The finalizer of SplitMix64: every bit of the result depends on every bit of the input. */
    private static long mix(long salt, int value) {
        long z = salt ^ (value * 0x9E3779B97F4A7C15L);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
