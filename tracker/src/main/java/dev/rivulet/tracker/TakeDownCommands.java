package dev.rivulet.tracker;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.TakeDown;
import dev.rivulet.tracker.database.CatalogTables;
import dev.rivulet.tracker.database.CatalogTables.Kept;
import dev.rivulet.tracker.database.TakeDownTables;
import dev.rivulet.tracker.database.TrackerDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does about content that must not be passed on, be the tracker running or not. */
final class TakeDownCommands {
    private static final String WHERE = "On the tracker's machine, as the user that it runs as; it may run or not.";

    private static final String WITH_THE_START = "when the tracker starts";

    private TakeDownCommands() {}

    /** Where an order is carried out. */
    private abstract static class OnSite implements Callable<Integer> {
        @Option(names = "--site", paramLabel = "ID", required = true, description = "The site's id.")
        private String site = "";

        @Mixin
        private ConfigOptions options = new ConfigOptions();

        /** By way of the tracker that runs. */
        interface Online {
            String by(RunningTracker tracker) throws IOException, InterruptedException, RunningTracker.NoneException;
        }

        /** With the tracker stopped. */
        interface Offline {
            String on(TrackerDatabase database, SiteId site) throws IOException;
        }

        /** Prints what either says. */
        int carryOut(Online online, Offline offline) throws IOException, InterruptedException {
            SiteId id = SnippetCommand.siteId(site);
            Path data = options.read().dataDirectory();
            try {
                System.out.print(online.by(new RunningTracker(data, id)));
            } catch (RunningTracker.NoneException e) {
                System.out.print(offline(data, id, offline));
            }
            return 0;
        }

        private static String offline(Path data, SiteId id, Offline offline) throws IOException {
            if (!TrackerDatabase.isIn(data)) {
                throw new ConfigException("data", data.toString(), "holds no tracker's database; name its directory");
            }
            try (TrackerDatabase database = TrackerDatabase.open(data)) {
                return offline.on(database, id);
            }
        }
    }

    /** Says what, and for the record why. */
    private abstract static class Ordering extends OnSite {
        @Parameters(paramLabel = "URL|CONTENT", description = "The URL as pages ask for it, or a content id.")
        private String subject = "";

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "For the log; not published.")
        private String reason = "";

        @Option(names = "--reference", paramLabel = "TEXT", description = "Where more is on file; not published.")
        private String reference = "";

        TakeDown.Order order() {
            try {
                return new TakeDown.Order(subject, reason, reference);
            } catch (InvalidValueException e) {
                throw new ConfigException(e.field(), null, e.reason());
            }
        }

        static String said(String done, SiteId site, TakeDown.Order order, String when) {
            return site + ": " + done + " " + order.text() + "; told " + when + "\n";
        }
    }

    /** Takes down. */
    @Command(
            name = "block",
            description = {
                "Take content of a site down: edges and visitors delete it and pass it on no more, at once.",
                "A URL is blocked with the content that it has now, a content with all URLs that have it.",
                "The site's own server is not asked to do anything: remove it there first.",
                WHERE
            },
            mixinStandardHelpOptions = true,
            versionProvider = TrackerMain.Version.class)
    static final class Block extends Ordering {
        @Override
        public Integer call() throws IOException, InterruptedException {
            TakeDown.Order order = order();
            return carryOut(
                    tracker -> said("blocked", tracker.site(), order, tracker.block(order)), (database, site) -> {
                        put(database, site, order);
                        return said("blocked", site, order, WITH_THE_START);
                    });
        }

        private static void put(TrackerDatabase database, SiteId site, TakeDown.Order order) throws IOException {
            TakeDownTables tables = new TakeDownTables(database);
            try {
                List<CatalogEntry> entries = new CatalogTables(database)
                        .entries(site).stream().map(Kept::entry).toList();
                List<TakeDown> all = new ArrayList<>(tables.all(site));
                TakeDown made = TakeDown.of(order, entries, Instant.now().getEpochSecond())
                        .after(all);
                all.removeIf(each -> each.order().subject().equals(order.subject()));
                all.add(made);
                BlockList fits = TakeDown.all(all);
                if (!fits.hashes().isEmpty()) {
                    tables.put(site, made);
                }
            } catch (DecodeException e) {
                throw new ConfigException("URL|CONTENT", order.subject(), e.reason());
            } catch (IllegalArgumentException e) {
                throw new ConfigException(
                        "block",
                        null,
                        "more than " + Limits.MAX_BLOCKED_HASHES
                                + " contents and URLs would be blocked; unblock what need not be any more");
            }
        }
    }

    /** Gives back. */
    @Command(
            name = "unblock",
            description = {
                "Give back what was blocked under the same name. It comes again as it is published or indexed.",
                WHERE
            },
            mixinStandardHelpOptions = true,
            versionProvider = TrackerMain.Version.class)
    static final class Unblock extends Ordering {
        @Override
        public Integer call() throws IOException, InterruptedException {
            TakeDown.Order order = order();
            return carryOut(
                    tracker -> said("unblocked", tracker.site(), order, tracker.unblock(order)), (database, site) -> {
                        if (!new TakeDownTables(database).remove(site, order.subject())) {
                            throw new ConfigException(
                                    "URL|CONTENT", order.subject(), "is not blocked; see the command blocked");
                        }
                        return said("unblocked", site, order, WITH_THE_START);
                    });
        }
    }

    /** Lists. */
    @Command(
            name = "blocked",
            description = {"Print what is blocked on a site: since when, what, why.", WHERE},
            mixinStandardHelpOptions = true,
            versionProvider = TrackerMain.Version.class)
    static final class Blocked extends OnSite {
        @Override
        public Integer call() throws IOException, InterruptedException {
            return carryOut(RunningTracker::blocked, (database, site) -> {
                StringBuilder lines = new StringBuilder();
                new TakeDownTables(database).all(site).forEach(each -> lines.append(each.line())
                        .append('\n'));
                return lines.toString();
            });
        }
    }
}
