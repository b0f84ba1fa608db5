package dev.rivulet.edge.setup;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands between this machine and everybody else, as far as it matters for WebRTC. */
public enum NatKind {
    /** No answer over UDP. */
    UNREACHABLE("nothing comes back over UDP: WebRTC will not work. Allow UDP out, and answers to it in"),
    /** A public address that strangers' packets reach. */
    OPEN("a public address, and UDP from anybody gets in: the best there is"),
    /** A public address behind a firewall. */
    FIREWALLED("a public address, but the firewall lets only answers in: visitors connect, some of them after a while."
            + " Open the UDP ports"),
    /** One mapping for everybody, that strangers' packets reach. */
    FORWARDED("a NAT that lets UDP from anybody in, as good as a public address: every visitor connects"),
    /** One mapping for everybody. */
    STEADY(
            "a NAT that keeps one public port for everybody: most visitors connect. Forward the UDP ports to connect all"),
    /** Another mapping for each. */
    SYMMETRIC("a NAT that takes another public port for everybody it talks to (symmetric): few visitors will connect."
            + " Forward the UDP ports, or run the edge elsewhere");

    private final String meaning;

    NatKind(String meaning) {
        this.meaning = meaning;
    }

    /** What it means for the volunteer. */
    public String meaning() {
        return meaning;
    }

    /**
     * What was seen of this machine's ports.
     *
     * @param mapped where the server's first port saw it; null when no answer came
     * @param mappedByOther where the server's other port saw it; null when no answer came, or there is no other port
     * @param strangersGetIn whether an answer came from a port that nothing was sent to
     */
    public record Seen(
            @Nullable InetSocketAddress mapped, @Nullable InetSocketAddress mappedByOther, boolean strangersGetIn) {}

    /**
     * Tells which it is.
     *
     * @param own addresses of this machine
     */
    public static NatKind of(Seen seen, Set<InetAddress> own) {
        if (seen.mapped() == null) {
            return UNREACHABLE;
        }
        if (own.contains(seen.mapped().getAddress())) {
            return seen.strangersGetIn() ? OPEN : FIREWALLED;
        }
        boolean changes = seen.mappedByOther() != null && !seen.mappedByOther().equals(seen.mapped());
        if (changes) {
            return SYMMETRIC;
        }
        return seen.strangersGetIn() ? FORWARDED : STEADY;
    }
}
