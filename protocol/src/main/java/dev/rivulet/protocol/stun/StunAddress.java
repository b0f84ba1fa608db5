package dev.rivulet.protocol.stun;

import dev.rivulet.protocol.DecodeException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Addresses inside attributes, plain (RFC 8489 §14.1) and obfuscated (§14.2). */
final class StunAddress {
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int FIXED_BYTES = 4;

    private StunAddress() {}

    static byte[] plain(InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        return ByteBuffer.allocate(FIXED_BYTES + ip.length)
                .putShort((short) (ip.length == IPV4_BYTES ? IPV4 : IPV6))
                .putShort((short) address.getPort())
                .put(ip)
                .array();
    }

    /** So that no NAT on the way finds an address to rewrite. */
    static byte[] obfuscated(InetSocketAddress address, byte[] transaction) {
        return exclusiveOr(plain(address), transaction);
    }

    static InetSocketAddress fromObfuscated(byte[] value, byte[] transaction) throws DecodeException {
        return fromPlain(exclusiveOr(value, transaction));
    }

    static InetSocketAddress fromPlain(byte[] value) throws DecodeException {
        int family = value.length > 1 ? value[1] : 0;
        int length = family == IPV4 ? IPV4_BYTES : IPV6_BYTES;
        if ((family != IPV4 && family != IPV6) || value.length != FIXED_BYTES + length) {
            throw new DecodeException("stun.address", "of family " + family + " in " + value.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(value, 2, value.length - 2);
        int port = bytes.getShort() & 0xFFFF;
        byte[] ip = new byte[length];
        bytes.get(ip);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the length is right", e);
        }
    }

    private static byte[] exclusiveOr(byte[] plain, byte[] transaction) {
        byte[] mask = ByteBuffer.allocate(Integer.BYTES + transaction.length)
                .putInt(StunMessage.MAGIC_COOKIE)
                .put(transaction)
                .array();
        byte[] masked = plain.clone();
        for (int i = 2; i < masked.length; i++) {
            // The port with the cookie's first half, the address with cookie and transaction.
            masked[i] ^= mask[i < FIXED_BYTES ? i - 2 : (i - FIXED_BYTES) % mask.length];
        }
        return masked;
    }
}
