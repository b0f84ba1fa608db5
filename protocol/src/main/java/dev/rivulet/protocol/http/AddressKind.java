package dev.rivulet.protocol.http;

/** What an IP address is for, as far as it matters to who may be asked to fetch from it. */
public enum AddressKind {
    /** Routed on the public Internet. */
    PUBLIC,
    /** This machine. */
    LOOPBACK,
    /** Private use, shared by carriers, or unique local: somebody's inner network. */
    PRIVATE,
    /** The network segment only. */
    LINK_LOCAL,
    /** Many receivers. */
    MULTICAST,
    /** Unspecified, reserved, documentation, benchmarks, tunnels: nothing to fetch from. */
    SPECIAL
}
