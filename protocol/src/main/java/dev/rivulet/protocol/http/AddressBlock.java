package dev.rivulet.protocol.http;

/** The addresses that share a prefix, and what they are for. */
final class AddressBlock {
    private final int bits;
    private final AddressKind kind;
    private final byte[] network;

    private AddressBlock(int bits, AddressKind kind, byte[] network) {
        this.bits = bits;
        this.kind = kind;
        this.network = network;
    }

    /** A prefix of {@code bits} bits; octets that are not given are zero. */
    static AddressBlock of(int bits, AddressKind kind, int... leadingOctets) {
        byte[] network = new byte[leadingOctets.length];
        for (int i = 0; i < network.length; i++) {
            network[i] = (byte) leadingOctets[i];
        }
        return new AddressBlock(bits, kind, network);
    }

    int bits() {
        return bits;
    }

    AddressKind kind() {
        return kind;
    }

    boolean contains(byte[] address) {
        for (int bit = 0; bit < bits; bit++) {
            int octet = bit / Byte.SIZE;
            int mask = 0x80 >> (bit % Byte.SIZE);
            int expected = octet < network.length ? network[octet] & mask : 0;
            if ((address[octet] & mask) != expected) {
                return false;
            }
        }
        return true;
    }
}
