package dev.rivulet.edge;

import dev.rivulet.edge.config.SettingFlags;
import dev.rivulet.edge.config.Version;
import dev.rivulet.edge.store.Obstacle;
import dev.rivulet.protocol.settings.Arguments;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** Entry point of the edge node; without a command it runs. */
@Command(
        name = EdgeMain.NAME,
        customSynopsis = {
            EdgeMain.NAME + " [run] --tracker URL --site ID --data DIR [OPTION…]",
            EdgeMain.NAME + " COMMAND [OPTION…]"
        },
        description = "Helps a website: keeps verified pieces of its content and passes them on.",
        footer = {"", RunOptions.SOURCES},
        mixinStandardHelpOptions = true,
        versionProvider = EdgeMain.VersionProvider.class,
        subcommands = {RunCommand.class, InitCommand.class, StatusCommand.class, LogCommand.class})
public final class EdgeMain implements Callable<Integer> {
    static final String NAME = "rivulet-edge";

    /** The exit code of a bad flag, file or setting; the line on stderr says which. */
    static final int BAD_CONFIGURATION = 2;

    @Mixin
    private RunOptions options = new RunOptions();

    private EdgeMain() {}

    public static void main(String[] args) {
        System.exit(commandLine()
                .setAllowOptionsAsOptionParameters(Arguments.haveHyphenatedIds(args))
                .execute(Arguments.withIds(args)));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new EdgeMain());
        SettingFlags.addTo(line.getCommandSpec());
        for (String name : List.of(RunCommand.NAME, InitCommand.NAME)) {
            SettingFlags.addTo(
                    Objects.requireNonNull(line.getSubcommands().get(name)).getCommandSpec());
        }
        return line.setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((e, args) -> refuse(e))
                .setExecutionExceptionHandler((e, command, parsed) -> explain(e));
    }

    private static int refuse(ParameterException e) {
        String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("bad arguments");
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        System.err.println(command + ": " + problem + "; see " + command + " --help");
        return BAD_CONFIGURATION;
    }

    private static int explain(Exception e) throws Exception {
        if (e instanceof ConfigException) {
            System.err.println(NAME + ": " + e.getMessage());
            return BAD_CONFIGURATION;
        }
        if (e instanceof UnusableException || e instanceof IOException) {
            LoggerFactory.getLogger(EdgeMain.class).debug("what ended it", e);
            String line = e instanceof IOException other ? Obstacle.of(null, other) : String.valueOf(e.getMessage());
            System.err.println(NAME + ": " + line);
            return RunOptions.UNEXPECTED;
        }
        throw e;
    }

    @Override
    public Integer call() throws Exception {
        return options.run();
    }

    /** What {@code --version} prints. */
    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Version.text()};
        }
    }
}
