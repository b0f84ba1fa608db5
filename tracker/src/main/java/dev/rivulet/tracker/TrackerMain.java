package dev.rivulet.tracker;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the tracker. */
@Command(name = "rivulet-tracker", mixinStandardHelpOptions = true, versionProvider = TrackerMain.Version.class)
public final class TrackerMain implements Runnable {
    private TrackerMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new TrackerMain()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.err);
    }

    /** Reads the version from the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = TrackerMain.class.getPackage().getImplementationVersion();
            return new String[] {"rivulet-tracker " + (version == null ? "development" : version)};
        }
    }
}
