package dev.rivulet.tracker;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.Sources;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.site.Sites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** Flags of settings, and where the rest of the configuration is read from. */
final class ConfigOptions {
    private static final Logger log = LoggerFactory.getLogger(ConfigOptions.class);
    private static final String CONFIG_VARIABLE = "RIVULET_TRACKER_CONFIG";

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where to listen; default 127.0.0.1:7070.")
    private @Nullable String listen;

    @Option(
            names = "--operator-listen",
            paramLabel = "HOST:PORT",
            description = "Where to serve operators, and nobody else; default where everybody is served.")
    private @Nullable String operatorListen;

    @Option(names = "--data", paramLabel = "DIR", description = "Keys, database, pieces; default data/tracker.")
    private @Nullable String data;

    @Option(names = "--public-url", paramLabel = "URL", description = "Where browsers find it, behind a proxy.")
    private @Nullable String publicUrl;

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "error, warn, info or debug; default info.")
    private @Nullable String logLevel;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML; flags win over the environment (RIVULET_TRACKER_…), that over the file.")
    private @Nullable String config;

    /** Reads and checks everything; throws {@link ConfigException}. */
    TrackerConfig read() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        String file = config == null ? environment.get(CONFIG_VARIABLE) : config;
        // It names the file, so it is not in it.
        environment.remove(CONFIG_VARIABLE);
        TrackerConfig.SETTINGS
                .unknownVariables(environment)
                .forEach(name -> log.warn("the environment variable {} names no setting and is ignored", name));
        String name = file == null ? "no file" : file;
        TrackerConfig read = TrackerConfig.SETTINGS.read(new Sources(name, text(file), environment, flags()));
        Sites.of(read.sites());
        return read;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new HashMap<>();
        put(flags, "listen", listen);
        put(flags, "operator-listen", operatorListen);
        put(flags, "data", data);
        put(flags, "public-url", publicUrl);
        put(flags, "log-level", logLevel);
        return flags;
    }

    private static void put(Map<String, String> flags, String key, @Nullable String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }

    private static String text(@Nullable String file) {
        if (file == null) {
            return "";
        }
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new ConfigException("config", file, "cannot be read (" + e + "); name a YAML file that can");
        }
    }
}
