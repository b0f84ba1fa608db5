package dev.rivulet.edge;

import dev.rivulet.edge.served.LogCheck;
import dev.rivulet.protocol.settings.ConfigException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code log}: what is to be done with the daily log. */
@Command(
        name = "log",
        description = "Checks the daily log of what this edge served.",
        mixinStandardHelpOptions = true,
        versionProvider = EdgeMain.VersionProvider.class)
final class LogCommand implements Runnable {
    private static final int WRONG = 1;

    @Override
    public void run() {
        throw new ConfigException("log", null, "say what to do: log verify FILE…");
    }

    @Command(
            name = "verify",
            description = {
                "Checks that files are as the edge wrote them, and that each follows the one before.",
                "Name files of days that follow each other, such as log/2026-*.json; the signature lies beside each."
            })
    int verify(
            @Parameters(paramLabel = "FILE", arity = "1..*", description = "Such as log/2026-11-21.json")
                    List<Path> files) {
        List<Path> inOrder = files.stream().sorted().toList();
        return LogCheck.of(inOrder, System.out::println) == 0 ? 0 : WRONG;
    }
}
