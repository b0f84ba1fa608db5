package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.tracker.database.EdgeTables.Enrolled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Edges as the operator reads them.
 *
 * @param lines one for each: site, fingerprint, when it was first seen, and since when it is revoked
 */
public record EdgeList(List<String> lines) {
    public EdgeList {
        lines = List.copyOf(lines);
    }

    /** Those that were met, the oldest first, then keys that were revoked without having been met. */
    public static EdgeList of(Collection<Enrolled> met, Map<KeyId, Long> revoked) {
        List<String> lines = new ArrayList<>();
        Set<KeyId> unmet = new HashSet<>(revoked.keySet());
        met.stream()
                .sorted(Comparator.comparingLong(Enrolled::firstSeen)
                        .thenComparing(edge -> edge.fingerprint().text()))
                .forEach(edge -> {
                    unmet.remove(edge.fingerprint());
                    Long since = revoked.get(edge.fingerprint());
                    lines.add(edge.site() + "  " + edge.fingerprint().text() + "  first seen "
                            + Instant.ofEpochSecond(edge.firstSeen()) + (since == null ? "" : revokedAt(since)));
                });
        unmet.stream()
                .sorted(Comparator.comparing(KeyId::text))
                .forEach(key ->
                        lines.add("-  " + key.text() + "  never seen" + revokedAt(revoked.getOrDefault(key, 0L))));
        return new EdgeList(lines);
    }

    private static String revokedAt(long seconds) {
        return "  revoked " + Instant.ofEpochSecond(seconds);
    }

    /** The lines, each with its end. */
    public String text() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
