package dev.rivulet.protocol.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Tells public addresses from those that a site's URLs must not make a server connect to. The table follows the IANA
 * IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890); IPv6 addresses that carry an IPv4 one are judged by it.
 */
public final class AddressPolicy {
    private static final int IPV4_BYTES = 4;

    private static final List<AddressBlock> IPV4 = List.of(
            AddressBlock.of(8, AddressKind.SPECIAL, 0), // "this network"
            AddressBlock.of(8, AddressKind.PRIVATE, 10),
            AddressBlock.of(10, AddressKind.PRIVATE, 100, 64), // carrier-grade NAT, RFC 6598
            AddressBlock.of(8, AddressKind.LOOPBACK, 127),
            AddressBlock.of(16, AddressKind.LINK_LOCAL, 169, 254),
            AddressBlock.of(12, AddressKind.PRIVATE, 172, 16),
            AddressBlock.of(24, AddressKind.SPECIAL, 192, 0, 0), // protocol assignments
            AddressBlock.of(24, AddressKind.SPECIAL, 192, 0, 2), // documentation
            AddressBlock.of(24, AddressKind.SPECIAL, 192, 88, 99), // 6to4 relays, deprecated
            AddressBlock.of(16, AddressKind.PRIVATE, 192, 168),
            AddressBlock.of(15, AddressKind.SPECIAL, 198, 18), // benchmarks
            AddressBlock.of(24, AddressKind.SPECIAL, 198, 51, 100), // documentation
            AddressBlock.of(24, AddressKind.SPECIAL, 203, 0, 113), // documentation
            AddressBlock.of(4, AddressKind.MULTICAST, 224),
            AddressBlock.of(4, AddressKind.SPECIAL, 240)); // reserved, limited broadcast

    private static final List<AddressBlock> IPV6 = List.of(
            AddressBlock.of(128, AddressKind.LOOPBACK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
            AddressBlock.of(128, AddressKind.SPECIAL, 0), // unspecified
            AddressBlock.of(
                    48, AddressKind.PRIVATE, 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01), // a network's own NAT64, RFC 8215
            AddressBlock.of(64, AddressKind.SPECIAL, 0x01, 0x00), // discard
            AddressBlock.of(23, AddressKind.SPECIAL, 0x20, 0x01, 0x00), // protocol assignments, Teredo, ORCHID
            AddressBlock.of(32, AddressKind.SPECIAL, 0x20, 0x01, 0x0d, 0xb8), // documentation
            AddressBlock.of(20, AddressKind.SPECIAL, 0x3f, 0xff, 0x00), // documentation
            AddressBlock.of(16, AddressKind.SPECIAL, 0x5f, 0x00), // segment routing
            AddressBlock.of(7, AddressKind.PRIVATE, 0xfc), // unique local
            AddressBlock.of(10, AddressKind.LINK_LOCAL, 0xfe, 0x80),
            AddressBlock.of(10, AddressKind.PRIVATE, 0xfe, 0xc0), // site local, deprecated
            AddressBlock.of(8, AddressKind.MULTICAST, 0xff));

    /** IPv6 prefixes behind which an IPv4 address follows: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056). */
    private static final List<AddressBlock> CARRIERS = List.of(
            AddressBlock.of(96, AddressKind.SPECIAL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff),
            AddressBlock.of(96, AddressKind.SPECIAL, 0),
            AddressBlock.of(96, AddressKind.SPECIAL, 0x00, 0x64, 0xff, 0x9b),
            AddressBlock.of(16, AddressKind.SPECIAL, 0x20, 0x02));

    /** Everything assigned for the public Internet so far; what is outside may be given any meaning later. */
    private static final AddressBlock GLOBAL_UNICAST = AddressBlock.of(3, AddressKind.PUBLIC, 0x20);

    private AddressPolicy() {}

    /** Whether anybody on the Internet could be there. */
    public static boolean isPublic(InetAddress address) {
        return kindOf(address) == AddressKind.PUBLIC;
    }

    /** What the address is for. */
    public static AddressKind kindOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == IPV4_BYTES ? lookUp(IPV4, bytes, AddressKind.PUBLIC) : kindOfIpv6(bytes);
    }

    private static AddressKind kindOfIpv6(byte[] bytes) {
        for (AddressBlock block : IPV6) {
            if (block.contains(bytes)) {
                return block.kind();
            }
        }
        for (AddressBlock carrier : CARRIERS) {
            if (carrier.contains(bytes)) {
                int start = carrier.bits() / Byte.SIZE;
                return lookUp(IPV4, Arrays.copyOfRange(bytes, start, start + IPV4_BYTES), AddressKind.PUBLIC);
            }
        }
        return GLOBAL_UNICAST.contains(bytes) ? AddressKind.PUBLIC : AddressKind.SPECIAL;
    }

    private static AddressKind lookUp(List<AddressBlock> blocks, byte[] bytes, AddressKind otherwise) {
        return blocks.stream()
                .filter(block -> block.contains(bytes))
                .map(AddressBlock::kind)
                .findFirst()
                .orElse(otherwise);
    }
}
