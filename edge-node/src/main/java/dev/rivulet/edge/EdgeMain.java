package dev.rivulet.edge;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.rivulet.edge.config.ConfigFile;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.config.LogLevel;
import dev.rivulet.edge.config.SettingFlags;
import dev.rivulet.edge.config.Version;
import dev.rivulet.protocol.settings.ConfigException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of the edge node. */
@Command(
        name = EdgeMain.NAME,
        customSynopsis = EdgeMain.NAME + " [run] --tracker URL --site ID --data DIR [OPTION…]",
        description = "Helps a website: keeps verified pieces of its content and passes them on.",
        footer = {
            "",
            "Every option may also be given in the environment, such as RIVULET_EDGE_TOKEN for --token, or in the"
                    + " file, such as token: …; flags win over the environment, that over the file."
        },
        mixinStandardHelpOptions = true,
        versionProvider = EdgeMain.VersionProvider.class)
public final class EdgeMain implements Callable<Integer> {
    static final String NAME = "rivulet-edge";

    /** The exit code of a bad flag, file or setting; the line on stderr says which. */
    static final int BAD_CONFIGURATION = 2;

    private static final int UNEXPECTED = 1;

    private static final String RUN = "run";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file of settings.")
    private @Nullable String config;

    @Option(names = "--print-config", description = "Print the effective settings, secrets masked, and exit.")
    private boolean printConfig;

    private EdgeMain() {}

    public static void main(String[] args) {
        // The one command there is may be named or not.
        boolean named = args.length > 0 && args[0].equals(RUN);
        System.exit(commandLine().execute(named ? Arrays.copyOfRange(args, 1, args.length) : args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new EdgeMain());
        SettingFlags.addTo(line.getCommandSpec());
        return line.setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((e, args) -> refuse(e))
                .setExecutionExceptionHandler((e, command, parsed) -> explain(e));
    }

    private static int refuse(ParameterException e) {
        String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("bad arguments");
        System.err.println(NAME + ": " + problem + "; see " + NAME + " --help");
        return BAD_CONFIGURATION;
    }

    private static int explain(Exception e) throws Exception {
        if (e instanceof ConfigException) {
            System.err.println(NAME + ": " + e.getMessage());
            return BAD_CONFIGURATION;
        }
        throw e;
    }

    @Override
    public Integer call() throws Exception {
        EdgeSettings settings = settings();
        if (printConfig) {
            System.out.print(EdgeSettings.READER.print(settings));
            return 0;
        }
        logAs(settings.logLevel());
        return run(settings);
    }

    private EdgeSettings settings() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets it");
        }
        var flags = SettingFlags.of(spec.commandLine().getParseResult());
        var sources = ConfigFile.sources(config, System.getenv(), flags);
        EdgeSettings.READER.unknownVariables(sources.environment()).forEach(name -> LoggerFactory.getLogger(
                        EdgeMain.class)
                .warn("the environment variable {} names no setting and is ignored", name));
        return EdgeSettings.READER.read(sources);
    }

    private static void logAs(LogLevel level) {
        Logger own = (Logger) LoggerFactory.getLogger("dev.rivulet");
        own.setLevel(Level.valueOf(level.name()));
    }

    /** Runs until the tracker wants nothing more of this edge; a signal ends the process before. */
    private static int run(EdgeSettings settings) throws Exception {
        Closers closers = new Closers();
        Termination termination = Termination.closesFirst(closers);
        CompletableFuture<ConfigException> refused = new CompletableFuture<>();
        try {
            String ready = new Edge(settings, closers).start(refused);
            System.out.println(ready);
            throw refused.get();
        } catch (ConfigException e) {
            termination.status(BAD_CONFIGURATION);
            throw e;
        } catch (Exception e) {
            if (!closers.isClosed()) {
                termination.status(UNEXPECTED);
                throw e;
            }
            // A signal came while it started: what was open is closed, and what failed for it is no failure.
            return 0;
        }
    }

    /** What {@code --version} prints. */
    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Version.text()};
        }
    }
}
