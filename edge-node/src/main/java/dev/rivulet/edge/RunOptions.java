package dev.rivulet.edge;

import dev.rivulet.edge.config.ConfigFile;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.config.LogLines;
import dev.rivulet.edge.config.SettingFlags;
import dev.rivulet.edge.config.Version;
import dev.rivulet.protocol.settings.ConfigException;
import java.security.CodeSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of a command that runs the edge, besides a flag for every setting; and running it. */
final class RunOptions {
    /** Says where settings may come from. */
    static final String SOURCES =
            "Every option may also be given in the environment, such as RIVULET_EDGE_TOKEN for --token, or in the"
                    + " file, such as token: …; flags win over the environment, that over the file.";

    /** The exit code of what may pass: systemd starts the edge again. */
    static final int UNEXPECTED = 1;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file of settings.")
    private @Nullable String config;

    @Option(names = "--print-config", description = "Print the effective settings, secrets masked, and exit.")
    private boolean printConfig;

    /** Runs until the process is told to end; returns its exit code. */
    int run() throws Exception {
        EdgeSettings settings = settings();
        if (printConfig) {
            System.out.print(EdgeSettings.READER.print(settings));
            return 0;
        }
        LogLines.write(settings.logLevel(), settings.logFormat());
        LoggerFactory.getLogger(EdgeMain.class)
                .info(
                        "{}, process {}, from {}",
                        Version.agent(),
                        ProcessHandle.current().pid(),
                        jar());
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

    /** Where this program was read from: whoever replaces that file has to restart it. */
    private static String jar() {
        CodeSource source = EdgeMain.class.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? "nowhere known"
                : source.getLocation().getPath();
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
            termination.status(EdgeMain.BAD_CONFIGURATION);
            throw e;
        } catch (Exception e) {
            if (!closers.isClosed()) {
                termination.status(UNEXPECTED);
                throw UnusableException.orSame(e, settings.data());
            }
            // A signal came while it started: what was open is closed, and what failed for it is no failure.
            return 0;
        }
    }
}
