package dev.rivulet.tracker.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in, in memory: a restart signs everybody out. Time is a parameter, in seconds since 1970. Thread-safe.
 */
final class Sessions {
    /** A session that nobody uses ends after this long. */
    static final Duration IDLE = Duration.ofHours(1);
    /** However much it is used, it ends after this long. */
    static final Duration LONGEST = Duration.ofHours(12);
    /** Sessions of one operator; another one ends the oldest. */
    static final int MAX_EACH = 16;

    private final Map<String, Session> byHash = new HashMap<>();
    private final SecureRandom random;

    Sessions(SecureRandom random) {
        this.random = random;
    }

    /** One browser that an operator is signed in with. */
    static final class Session {
        private final String name;
        private final String csrf;
        private final long since;
        private long lastUsed;
        private byte @Nullable [] newTotpKey;

        private Session(String name, String csrf, long since) {
            this.name = name;
            this.csrf = csrf;
            this.since = since;
            this.lastUsed = since;
        }

        /** Who is signed in. */
        String name() {
            return name;
        }

        /** What this browser's page has to repeat. */
        String csrf() {
            return csrf;
        }

        /** The key of a second factor that is not confirmed yet. */
        synchronized byte @Nullable [] newTotpKey() {
            return newTotpKey;
        }

        synchronized void newTotpKey(byte @Nullable [] key) {
            newTotpKey = key;
        }

        private boolean isOver(long now) {
            return now - lastUsed >= IDLE.toSeconds() || now - since >= LONGEST.toSeconds();
        }
    }

    /** A new session, and the secret that its cookie holds. */
    record Begun(String secret, Session session) {}

    /** Signs an operator in. */
    synchronized Begun begin(String name, long now) {
        byHash.values().removeIf(session -> session.isOver(now));
        List<Map.Entry<String, Session>> own = new ArrayList<>(byHash.entrySet());
        own.removeIf(each -> !each.getValue().name.equals(name));
        own.sort(Comparator.comparingLong(each -> each.getValue().lastUsed));
        for (int i = 0; i <= own.size() - MAX_EACH; i++) {
            byHash.remove(own.get(i).getKey());
        }
        String secret = Secret.make(random);
        Session session = new Session(name, Secret.make(random), now);
        byHash.put(Secret.hash(secret), session);
        return new Begun(secret, session);
    }

    /** The session of this cookie, which is used by that. */
    synchronized Optional<Session> use(String secret, long now) {
        Optional<Session> found = find(secret, now);
        found.ifPresent(session -> session.lastUsed = Math.max(session.lastUsed, now));
        return found;
    }

    /** The session of this cookie, which is not used by that. */
    synchronized Optional<Session> find(String secret, long now) {
        Session session = byHash.get(Secret.hash(secret));
        if (session == null) {
            return Optional.empty();
        }
        if (session.isOver(now)) {
            byHash.remove(Secret.hash(secret));
            return Optional.empty();
        }
        return Optional.of(session);
    }

    /** Ends sessions. */
    synchronized void end(Predicate<Session> which) {
        byHash.values().removeIf(which);
    }
}
