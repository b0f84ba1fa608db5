package dev.rivulet.edge.peer.process;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When a WebRTC process is replaced by a new one, because of what webrtc-java 0.14.0 leaks: about 68 KB of native memory
 * with every connection, and 88 bytes of heap with every message received.
 *
 * @param connections made by it
 * @param messages received by it from peers
 * @param age since it was ready
 * @param residentBytes its resident memory, where the system tells
 */
public record ReplacementLimits(int connections, long messages, Duration age, long residentBytes) {
    /** Connections that leak about 34 MB, half of what a process occupies without them. */
    public static final int CONNECTIONS = 500;

    /** Of those that a process makes, one in so many at most was sent there by the replacement of another. */
    static final int CONNECTIONS_PER_PLACE = 4;

    /** Messages that leak about 35 MB of heap; {@link ChildCommand} leaves room for them. */
    public static final long MESSAGES = 400_000;

    /** For what leaks without being counted here. */
    public static final Duration AGE = Duration.ofHours(24);

    /** A process that is above the limit as soon as it is ready is nonetheless left alone for this long. */
    static final Duration LEAST_AGE_FOR_MEMORY = Duration.ofMinutes(1);

    public ReplacementLimits {
        if (connections < 1 || messages < 1 || age.isNegative() || age.isZero() || residentBytes < 1) {
            throw new IllegalArgumentException(
                    "limits of a process: " + connections + " " + messages + " " + age + " " + residentBytes);
        }
    }

    /**
     * The limits for an edge.
     *
     * @param places connections that it has at a time at most: all of them may have to move when a process is replaced
     */
    public static ReplacementLimits of(int places, long residentBytes) {
        return new ReplacementLimits(
                Math.max(CONNECTIONS, CONNECTIONS_PER_PLACE * places), MESSAGES, AGE, residentBytes);
    }

    /** What is known of a process; see {@link ReplacementLimits}. */
    record Vitals(int connections, long messages, Duration age, OptionalLong residentBytes) {}

    /** Why a process should be replaced, for the log; empty while it need not be. */
    Optional<String> reached(Vitals vitals) {
        if (vitals.connections() >= connections) {
            return Optional.of("it has made " + vitals.connections() + " connections");
        }
        if (vitals.messages() >= messages) {
            return Optional.of("it has received " + vitals.messages() + " messages");
        }
        if (vitals.age().compareTo(age) >= 0) {
            return Optional.of("it has run for " + vitals.age().toHours() + " h");
        }
        if (vitals.residentBytes().orElse(0) >= residentBytes && vitals.age().compareTo(LEAST_AGE_FOR_MEMORY) >= 0) {
            return Optional.of("it occupies " + (vitals.residentBytes().orElse(0) >> 20) + " MiB");
        }
        return Optional.empty();
    }
}
