package dev.rivulet.edge;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.peer.process.LinkProcesses;
import java.util.Optional;
import java.util.function.Supplier;

/** Why an edge serves nothing at present, and what whoever runs it can do about it; empty while it does. Any thread may ask. */
final class NotServing implements Supplier<Optional<String>> {
    private static final LinkProcesses.Standing STARTING = LinkProcesses.Standing.none(null);

    private final EdgeSettings settings;
    private final SiteCatalog catalog;
    private final EdgeLimits limits;
    private volatile Supplier<LinkProcesses.Standing> webRtc = () -> STARTING;
    private volatile Supplier<Optional<String>> refusal = Optional::empty;

    NotServing(EdgeSettings settings, SiteCatalog catalog, EdgeLimits limits) {
        this.settings = settings;
        this.catalog = catalog;
        this.limits = limits;
    }

    /** From now on these are the processes that have the WebRTC connections. */
    void webRtc(Supplier<LinkProcesses.Standing> standing) {
        webRtc = standing;
    }

    /** Why the tracker does not let this edge in any more is asked there from now on. */
    void refusal(Supplier<Optional<String>> why) {
        refusal = why;
    }

    @Override
    public Optional<String> get() {
        return unreachable().or(this::closed);
    }

    /** Why nobody can connect, whatever there is to give. */
    private Optional<String> unreachable() {
        LinkProcesses.Standing standing = webRtc.get();
        if (settings.http() != null || standing.ready()) {
            return Optional.empty();
        }
        String problem = standing.problem() == null ? "WebRTC is starting" : standing.problem();
        return Optional.of("nobody can connect: there is no HTTP server (set http for one), and " + problem);
    }

    private Optional<String> closed() {
        Sending sending = limits.sending();
        if (!limits.quota().closedFor().isZero()) {
            return Optional.of("the monthly transfer is used up until "
                    + limits.quota().standing().usage().ends()
                    + "; to serve before, raise monthly-transfer and restart");
        }
        if (catalog.head().isEmpty()) {
            return Optional.of("the catalog of the site has not come from the tracker yet; " + remedy());
        }
        return sending.isOpen()
                ? Optional.empty()
                : Optional.of(
                        "the catalog is too old to know what the site has taken down, and the tracker gives no newer"
                                + " one; " + remedy());
    }

    private String remedy() {
        return refusal.get().orElseGet(this::whenTheTrackerIsAway);
    }

    private String whenTheTrackerIsAway() {
        return "it goes on by itself when " + settings.tracker()
                + " can be reached; see the log, this machine's clock and its firewall, and ask the site's operator";
    }
}
