package dev.rivulet.edge.setup;

import dev.rivulet.edge.config.EdgeSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a volunteer is asked, unless it was given as an option. */
public final class Questions {
    private static final String NONE = "; 0 B: no limit";

    private Questions() {}

    /** Whom to ask. */
    public interface Terminal {
        /** The answer; null when there is nobody any more. */
        @Nullable
        String line(String question);

        /** As {@link #line}, without showing what is typed. */
        @Nullable
        String secret(String question);
    }

    /** Asks for what is missing of {@code given}, and puts it there; an empty answer leaves it out. */
    public static void ask(Map<String, String> given, Terminal terminal) {
        line(given, terminal, "tracker", "Tracker's address, such as https://tracker.example.org: ");
        line(given, terminal, "site", "Site's id: ");
        if (!given.containsKey("token")) {
            put(given, "token", terminal.secret("Token (empty where none is needed): "));
        }
        line(given, terminal, "key", "Site's key, data-key of its embed tag (empty: trust the tracker's word): ");
        line(given, terminal, "data", "Data directory: ");
        limit(given, terminal, "max-disk", "Most disk space", "");
        limit(given, terminal, "upload-rate", "Most bytes sent per second", NONE);
        limit(given, terminal, "monthly-transfer", "Most bytes sent and received in a month", NONE);
        line(given, terminal, "udp-ports", "UDP ports, such as 50000-50999 (empty: any): ");
    }

    private static void limit(Map<String, String> given, Terminal terminal, String key, String what, String more) {
        line(given, terminal, key, what + " (empty: " + EdgeSettings.READER.fallbackOf(key) + more + "): ");
    }

    private static void line(Map<String, String> given, Terminal terminal, String key, String question) {
        if (!given.containsKey(key)) {
            put(given, key, terminal.line(question));
        }
    }

    private static void put(Map<String, String> given, String key, @Nullable String answer) {
        if (answer != null && !answer.isBlank()) {
            given.put(key, answer.strip());
        }
    }
}
