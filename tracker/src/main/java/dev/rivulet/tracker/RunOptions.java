package dev.rivulet.tracker;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.process.Termination;
import java.security.CodeSource;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of running, which need no command before them, and the running itself. */
final class RunOptions {
    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--print-config", description = "Print the effective configuration, secrets masked, and exit.")
    private boolean printConfig;

    /** Runs until the process is told to end; returns only when there was nothing to run. */
    int run() throws InterruptedException {
        TrackerConfig effective = config.read();
        if (printConfig) {
            System.out.print(TrackerConfig.SETTINGS.print(effective));
            return 0;
        }
        LogLines.write(effective.logLevel(), effective.logFormat());
        LoggerFactory.getLogger(TrackerMain.class)
                .info(
                        "{}, process {}, from {}",
                        TrackerMain.Version.text(),
                        ProcessHandle.current().pid(),
                        jar());
        Closers closers = new Closers();
        Termination termination = Termination.closesFirst(closers);
        ListenAddress address;
        try {
            address = Tracker.start(effective, closers);
        } catch (ConfigException e) {
            termination.status(TrackerMain.BAD_CONFIGURATION);
            throw e;
        } catch (RuntimeException e) {
            termination.status(CommandLine.ExitCode.SOFTWARE);
            throw e;
        }
        System.out.println("ready " + (effective.tls().isPresent() ? "https://" : "http://") + address);
        new CountDownLatch(1).await();
        return 0;
    }

    /** Where this program was read from: whoever replaces that file has to restart it. */
    private static String jar() {
        CodeSource source = TrackerMain.class.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? "nowhere known"
                : source.getLocation().getPath();
    }
}
