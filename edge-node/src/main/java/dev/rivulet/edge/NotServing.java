package dev.rivulet.edge;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.limit.Sending;
import java.util.Optional;
import java.util.function.Supplier;

/** Why an edge serves nothing at present, and what whoever runs it can do about it; empty while it does. Any thread may ask. */
final class NotServing implements Supplier<Optional<String>> {
    private final EdgeSettings settings;
    private final SiteCatalog catalog;
    private final EdgeLimits limits;

    NotServing(EdgeSettings settings, SiteCatalog catalog, EdgeLimits limits) {
        this.settings = settings;
        this.catalog = catalog;
        this.limits = limits;
    }

    @Override
    public Optional<String> get() {
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
        return "it goes on by itself when " + settings.tracker()
                + " can be reached; see the log, this machine's clock and its firewall, and ask the site's operator";
    }
}
