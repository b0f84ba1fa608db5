package dev.rivulet.edge.setup;

import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.config.UdpPortRange;
import dev.rivulet.protocol.settings.ListenAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the volunteer should do next, in words: open a firewall, start the edge. */
public final class Advice {
    /**
     * UDP ports that each place for a peer should have: a connection takes one at every address of the machine, and while
     * the WebRTC process is replaced, those that leave it have theirs beside those that are new.
     */
    static final int PORTS_PER_PEER = 2;

    /** Where the package's services have their settings; the names of further ones need no escaping for systemd. */
    private static final Pattern SERVICE_FILE = Pattern.compile("/etc/rivulet-edge/([A-Za-z0-9:_.-]+)\\.yaml");

    /** Whose service has no name of its own. */
    private static final String ONLY = "edge";

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private Advice() {}

    /** How to start the edge of a file of settings, in a line to print. */
    public static String start(Path file) {
        Matcher service = SERVICE_FILE.matcher(file.toString());
        if (!service.matches()) {
            return "Start it: java -jar rivulet-edge.jar run --config " + file;
        }
        String name = service.group(1);
        return "Start it: systemctl enable --now rivulet-edge" + (name.equals(ONLY) ? "" : "@" + name);
    }

    /** Lines to print. */
    public static List<String> firewall(EdgeSettings settings, @Nullable NatKind nat) {
        List<String> lines = new ArrayList<>();
        lines.add("Let out: TCP to " + settings.tracker()
                + " and to the site's origins; UDP to anywhere, and answers in.");
        if (settings.maxPeers() > 0) {
            lines.add(udp(settings.udpPorts(), nat));
        }
        ListenAddress http = settings.http();
        if (http != null) {
            tcp(http, settings.httpUrl()).ifPresent(lines::add);
        }
        return lines;
    }

    private static String udp(@Nullable UdpPortRange range, @Nullable NatKind nat) {
        if (nat == NatKind.OPEN || nat == NatKind.FORWARDED) {
            return (range == null ? "UDP" : "UDP " + range) + " gets in already: keep it "
                    + (nat == NatKind.OPEN ? "open." : "forwarded.");
        }
        String ports = range == null
                ? "all UDP ports from 1024 up (or name some: --udp-ports 50000-50999)"
                : "UDP ports " + range;
        return "Let in, for visitors to connect at once: " + ports + ".";
    }

    /** Visitors come to the URL that they are told of; what listens here may be behind a proxy. */
    private static Optional<String> tcp(ListenAddress http, @Nullable String url) {
        int port = url == null ? http.port() : port(URI.create(url));
        return port == 0
                ? Optional.empty()
                : Optional.of(
                        "Let in, for pieces over HTTP: TCP port " + port + (url == null ? "." : ", for " + url + "."));
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equals(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }

    /** That there are too few UDP ports for the peers that may connect; empty where there are enough. */
    public static Optional<String> scarcePorts(EdgeSettings settings) {
        UdpPortRange range = settings.udpPorts();
        int enough = PORTS_PER_PEER * settings.maxPeers();
        if (range == null || range.count() >= enough) {
            return Optional.empty();
        }
        return Optional.of("udp-ports " + range + " has " + range.count() + " ports for " + settings.maxPeers()
                + " peers (max-peers), each of which takes one, two while the WebRTC process is replaced: name "
                + enough + " or more, or lower max-peers to " + range.count() / PORTS_PER_PEER
                + "; peers beyond that may be unable to connect");
    }
}
