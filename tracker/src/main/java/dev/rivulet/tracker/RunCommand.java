package dev.rivulet.tracker;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the tracker, as no command at all does. */
@Command(
        name = "run",
        description = "Run the tracker until it is told to end.",
        mixinStandardHelpOptions = true,
        versionProvider = TrackerMain.Version.class)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private RunOptions options = new RunOptions();

    @Override
    public Integer call() throws Exception {
        return options.run();
    }
}
