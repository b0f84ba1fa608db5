package dev.rivulet.tracker;

import dev.rivulet.tracker.backup.Restore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts what {@link BackupCommand} wrote back into a data directory. */
@Command(
        name = "restore",
        description = {
            "Put a backup into the data directory, and begin a new epoch of every site's catalog, so that those take it",
            "who have seen a later one. The tracker must not run."
        },
        mixinStandardHelpOptions = true,
        versionProvider = TrackerMain.Version.class)
final class RestoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What rivulet-tracker backup wrote.")
    private Path file = Path.of("");

    @Option(names = "--replace", description = "Put aside what the data directory holds.")
    private boolean replace;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws IOException {
        Path data = options.read().dataDirectory();
        Restore.Restored restored = Restore.into(data, file, replace, Instant.now());
        restored.sites()
                .forEach(raised -> System.out.println(
                        raised.site() + ": epoch " + raised.epoch() + " follows " + raised.former()));
        if (restored.aside() != null) {
            System.out.println("what was there before is in " + restored.aside() + "; delete it when all is well");
        }
        System.out.println("restored " + data + "; start the tracker, then publish what is newer than the backup");
        return 0;
    }
}
