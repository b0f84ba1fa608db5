package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.database.BanTables;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is banned. Edges are kept in the database; pages, whose ids last no longer than they are loaded, in memory, as
 * many as the newest {@value #MAX_PAGES}. Answers come from memory. Thread-safe.
 */
public final class Bans {
    /** Bans of edges there may be. */
    public static final int MAX_EDGES = 10_000;
    /** Bans of pages that are remembered. */
    static final int MAX_PAGES = 1000;

    private static final int ID_BYTES = 16;

    private final BanTables tables;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Ban> byId = new ConcurrentHashMap<>();

    Bans(BanTables tables, InstantSource clock) throws IOException {
        this.tables = tables;
        this.clock = clock;
        for (BanTables.Kept kept : tables.all()) {
            String peer = kept.fingerprint().text();
            byId.put(kept.id(), new Ban(kept.id(), peer, true, null, kept.reason(), kept.since(), kept.ends()));
        }
    }

    /** Keeps an edge out, durably; empty when there are {@value #MAX_EDGES} bans. */
    public synchronized Optional<Ban> edge(KeyId fingerprint, String reason, @Nullable Long until) throws IOException {
        dropOver();
        if (count(true) >= MAX_EDGES) {
            return Optional.empty();
        }
        Ban ban = new Ban(newId(), fingerprint.text(), true, null, reason, nowSeconds(), until);
        tables.put(new BanTables.Kept(ban.id(), fingerprint, reason, ban.since(), until));
        byId.put(ban.id(), ban);
        return Optional.of(ban);
    }

    /** Remembers that a page was sent away. */
    public synchronized Ban page(SiteId site, PeerId peer, String reason, @Nullable Long until) {
        if (count(false) >= MAX_PAGES) {
            byId.values().stream()
                    .filter(ban -> !ban.edge())
                    .min(Comparator.comparingLong(Ban::since))
                    .ifPresent(oldest -> byId.remove(oldest.id()));
        }
        Ban ban = new Ban(newId(), peer.text(), false, site, reason, nowSeconds(), until);
        byId.put(ban.id(), ban);
        return ban;
    }

    /** Lifts a ban; empty when there is none of this id. */
    public synchronized Optional<Ban> lift(String id) throws IOException {
        Ban ban = byId.get(id);
        if (ban == null) {
            return Optional.empty();
        }
        if (ban.edge()) {
            tables.delete(id);
        }
        byId.remove(id);
        return Optional.of(ban);
    }

    /** Whether an edge with this key is kept out now. */
    public boolean isBanned(KeyId fingerprint) {
        long now = nowSeconds();
        String peer = fingerprint.text();
        return byId.values().stream().anyMatch(ban -> ban.edge() && ban.peer().equals(peer) && !ban.isOver(now));
    }

    /** All that are not over, the newest first. */
    public List<Ban> all() {
        long now = nowSeconds();
        return byId.values().stream()
                .filter(ban -> !ban.isOver(now))
                .sorted(Comparator.comparingLong(Ban::since).reversed().thenComparing(Ban::id))
                .toList();
    }

    private void dropOver() throws IOException {
        long now = nowSeconds();
        for (Ban ban : List.copyOf(byId.values())) {
            if (ban.isOver(now)) {
                lift(ban.id());
            }
        }
    }

    private long count(boolean edges) {
        return byId.values().stream().filter(ban -> ban.edge() == edges).count();
    }

    private String newId() {
        byte[] chance = new byte[ID_BYTES];
        random.nextBytes(chance);
        return Base64Url.encode(chance);
    }

    private long nowSeconds() {
        return clock.instant().getEpochSecond();
    }
}
