package dev.rivulet.edge.peer.webrtc;

/**
 * The local UDP ports that connections may use, for hosts behind a firewall. A connection takes one port per network
 * interface, so a range has to be several times the number of connections.
 *
 * @param first 1 to 65535, or 0 for {@link #ANY}
 * @param last {@code first} to 65535, or 0 for {@link #ANY}
 */
public record UdpPorts(int first, int last) {
    /** Whatever the system gives. */
    public static final UdpPorts ANY = new UdpPorts(0, 0);

    private static final int MAX_PORT = 65535;

    public UdpPorts {
        boolean any = first == 0 && last == 0;
        if (!any && (first < 1 || last < first || last > MAX_PORT)) {
            throw new IllegalArgumentException("UDP ports " + first + " to " + last);
        }
    }
}
