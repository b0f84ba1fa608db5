package dev.rivulet.tracker;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.catalog.CatalogPosition;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.database.CatalogTables;
import dev.rivulet.tracker.database.TrackerDatabase;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Begins a new epoch of a site's catalog, so that clients who saw a newer one than a restored backup take it again. */
@Command(
        name = "raise-epoch",
        description = {
            "Begin a new epoch of a site's catalog, after its data directory was restored from a backup:",
            "clients refuse a catalog older than what they have seen, unless its epoch is newer.",
            "The tracker must not run. Its next start signs the epoch's first head."
        },
        mixinStandardHelpOptions = true,
        versionProvider = TrackerMain.Version.class)
final class RaiseEpochCommand implements Callable<Integer> {
    @Option(names = "--site", paramLabel = "ID", required = true, description = "The site's id.")
    private String site = "";

    @Option(
            names = "--to",
            paramLabel = "N",
            description =
                    "The new epoch; default one more than in the backup. Needed when that number was used before.")
    private @Nullable Long to;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws IOException {
        TrackerConfig config = options.read();
        SiteId id = SnippetCommand.siteId(site);
        if (!TrackerDatabase.isIn(config.dataDirectory())) {
            throw new ConfigException(
                    "data",
                    config.dataDirectory().toString(),
                    "holds no tracker's database; name the restored directory");
        }
        try (TrackerDatabase database = TrackerDatabase.open(config.dataDirectory())) {
            CatalogTables tables = new CatalogTables(database);
            CatalogPosition restored = tables.position(id);
            if (restored.equals(CatalogPosition.START)) {
                throw new ConfigException("site", id.text(), "has no catalog in the database; name a site that has");
            }
            long epoch = to == null ? restored.epoch() + 1 : to;
            if (epoch <= restored.epoch() || epoch > Limits.MAX_INTEGER) {
                throw new ConfigException(
                        "to", Long.toString(epoch), "is no epoch after " + restored.epoch() + "; give a higher number");
            }
            tables.advance(id, restored.inEpoch(epoch));
            tables.sync();
            System.out.println(id + ": epoch " + epoch + " follows " + restored.epoch());
        }
        return 0;
    }
}
