package dev.rivulet.tracker;

import dev.rivulet.protocol.settings.Arguments;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.publishing.command.PublishCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Entry point of the tracker; without a command it runs. */
@Command(
        name = "rivulet-tracker",
        description = "Introduces a site's visitors and edges to each other, and serves its signed catalog.",
        mixinStandardHelpOptions = true,
        versionProvider = TrackerMain.Version.class,
        subcommands = {
            RunCommand.class,
            InitCommand.class,
            SnippetCommand.class,
            PublishCommand.class,
            AdminCommand.class,
            EdgesCommand.class,
            TakeDownCommands.Block.class,
            TakeDownCommands.Unblock.class,
            TakeDownCommands.Blocked.class,
            BackupCommand.class,
            RestoreCommand.class,
            RaiseEpochCommand.class
        })
public final class TrackerMain implements Callable<Integer> {
    /** The exit code of a bad flag, file or setting; the line on stderr says which. */
    static final int BAD_CONFIGURATION = 2;

    @Mixin
    private RunOptions options = new RunOptions();

    private TrackerMain() {}

    public static void main(String[] args) {
        System.exit(commandLine()
                .setAllowOptionsAsOptionParameters(Arguments.haveHyphenatedIds(args))
                .execute(Arguments.withIds(args)));
    }

    static CommandLine commandLine() {
        return new CommandLine(new TrackerMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                // admin reads bodies from @FILE.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(TrackerMain::refuseArguments)
                .setExecutionExceptionHandler(TrackerMain::explain);
    }

    @Override
    public Integer call() throws Exception {
        return options.run();
    }

    private static int refuseArguments(CommandLine.ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("bad arguments");
        System.err.println(command + ": " + problem + "; see " + command + " --help");
        return BAD_CONFIGURATION;
    }

    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof ConfigException) {
            System.err.println("rivulet-tracker: " + e.getMessage());
            return BAD_CONFIGURATION;
        }
        throw e;
    }

    /** As the jar's manifest says. */
    static String version() {
        String version = TrackerMain.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Reads the version from the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        /** Such as {@code rivulet-tracker 0.1.0}. */
        static String text() {
            return "rivulet-tracker " + version();
        }

        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }
}
