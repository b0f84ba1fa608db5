package dev.rivulet.tracker;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.backup.Backup;
import dev.rivulet.tracker.backup.BackupEndpoints;
import dev.rivulet.tracker.database.TrackerDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes all that a restored tracker needs into one file. */
@Command(
        name = "backup",
        description = {
            "Write keys, catalogs and everything else in the data directory but cached pieces into one file.",
            "The tracker may run or not. Who reads the file can sign for your sites: it is readable by you only."
        },
        mixinStandardHelpOptions = true,
        versionProvider = TrackerMain.Version.class)
final class BackupCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The file to write; it must not exist.")
    private Path file = Path.of("");

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = options.read().dataDirectory();
        if (!TrackerDatabase.isIn(data)) {
            throw new ConfigException("data", data.toString(), "holds no tracker's database; name its directory");
        }
        if (Files.exists(file)) {
            throw new ConfigException("backup", file.toString(), "exists; name a file that does not");
        }
        Optional<String> copied = RunningTracker.order(data, "POST", BackupEndpoints.COPIES, "");
        String label =
                "made " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\nby " + TrackerMain.Version.text() + "\n";
        Backup.Made made = Backup.write(data, copied, file, label);
        System.out.println("backed up " + made.files() + " files into " + file + ", " + made.bytes() + " bytes");
        return 0;
    }
}
