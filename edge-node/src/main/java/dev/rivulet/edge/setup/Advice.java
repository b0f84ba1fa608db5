package dev.rivulet.edge.setup;

import dev.rivulet.edge.config.EdgeSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the volunteer should open in a firewall, in words. */
public final class Advice {
    private Advice() {}

    /** Lines to print. */
    public static List<String> firewall(EdgeSettings settings, @Nullable NatKind nat) {
        List<String> lines = new ArrayList<>();
        lines.add("Let out: TCP to " + settings.tracker()
                + " and to the site's origins; UDP to anywhere, and answers in.");
        if (settings.maxPeers() > 0 && nat != NatKind.OPEN && nat != NatKind.FORWARDED) {
            String ports = settings.udpPorts() == null
                    ? "all UDP ports from 1024 up (or name some: --udp-ports 50000-50999)"
                    : "UDP ports " + settings.udpPorts();
            lines.add("Let in, for visitors to connect at once: " + ports + ".");
        }
        if (settings.http() != null && settings.http().port() > 0) {
            lines.add(
                    "Let in, for pieces over HTTP: TCP port " + settings.http().port() + ".");
        }
        return lines;
    }
}
