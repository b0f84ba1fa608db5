package dev.rivulet.edge;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the edge node. */
@Command(name = "rivulet-edge", mixinStandardHelpOptions = true, versionProvider = EdgeMain.Version.class)
public final class EdgeMain implements Runnable {
    private EdgeMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new EdgeMain()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.err);
    }

    /** Reads the version from the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = EdgeMain.class.getPackage().getImplementationVersion();
            return new String[] {"rivulet-edge " + (version == null ? "development" : version)};
        }
    }
}
