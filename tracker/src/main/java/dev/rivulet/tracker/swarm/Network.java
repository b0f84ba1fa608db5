package dev.rivulet.tracker.swarm;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Where on the network a peer is, as prefixes of its address: {@code near} is a /24 or (IPv6) /48, {@code wide} a /16
 * or /32. Kept in memory while the peer is connected, told to nobody.
 */
public record Network(long near, long wide) {
    /** Bits above every IPv4 prefix, below every IPv6 one, so that the families never meet. */
    private static final long IPV6 = 1L << 63;

    private static final long WIDE_IPV6 = 1L << 62;

    /** The prefixes of an address. */
    public static Network of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == Integer.BYTES) {
            long bits = Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt());
            return new Network(bits >>> 8, bits >>> 16);
        }
        long head = ByteBuffer.wrap(bytes).getLong();
        return new Network(IPV6 | head >>> 16, IPV6 | WIDE_IPV6 | head >>> 32);
    }

    /** Whether both are in one /24 or /48. */
    boolean isNear(Network other) {
        return near == other.near;
    }

    /** Whether both are in one /16 or /32. */
    boolean isWithinReach(Network other) {
        return wide == other.wide;
    }
}
