package dev.rivulet.protocol.settings;

import java.util.Map;

/**
 * Where settings come from, the later ones winning.
 *
 * @param fileName what to call the file in errors
 * @param yaml the file's text, empty when there is none
 * @param environment the process's environment, whole
 * @param flags values by key, such as {@code listen} for {@code --listen}
 */
public record Sources(String fileName, String yaml, Map<String, String> environment, Map<String, String> flags) {
    public Sources {
        environment = Map.copyOf(environment);
        flags = Map.copyOf(flags);
    }
}
