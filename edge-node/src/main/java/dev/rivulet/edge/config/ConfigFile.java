package dev.rivulet.edge.config;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where settings are read from, besides flags. */
public final class ConfigFile {
    /** Names the file in the environment, where {@code --config} does not. */
    public static final String VARIABLE = "RIVULET_EDGE_CONFIG";

    private ConfigFile() {}

    /**
     * The three sources of settings.
     *
     * @param named file named by a flag, null when none is
     * @throws ConfigException when the file cannot be read
     */
    public static Sources sources(@Nullable String named, Map<String, String> environment, Map<String, String> flags) {
        Map<String, String> settings = new HashMap<>(environment);
        String inEnvironment = settings.remove(VARIABLE);
        String file = named == null ? inEnvironment : named;
        return new Sources(file == null ? "no file" : file, file == null ? "" : text(file), settings, flags);
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new ConfigException("config", file, "cannot be read (" + e + "); name a YAML file that can");
        }
    }
}
