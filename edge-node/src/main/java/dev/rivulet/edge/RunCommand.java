package dev.rivulet.edge;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: what the program does without a command, too. */
@Command(
        name = RunCommand.NAME,
        description = "Runs the edge, as without a command.",
        footer = {"", RunOptions.SOURCES},
        mixinStandardHelpOptions = true,
        versionProvider = EdgeMain.VersionProvider.class)
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";

    @Mixin
    private RunOptions options = new RunOptions();

    @Override
    public Integer call() throws Exception {
        return options.run();
    }
}
