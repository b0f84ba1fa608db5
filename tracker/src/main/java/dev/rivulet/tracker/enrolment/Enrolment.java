package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.database.BanTables;
import dev.rivulet.tracker.database.EdgeTables;
import dev.rivulet.tracker.database.EdgeTables.Enrolled;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.signaling.EdgeRegister;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers edges in the database, and answers from memory. Thread-safe. */
public final class Enrolment implements EdgeRegister, Executor, AutoCloseable {
    /** How many edges are remembered; later ones are admitted, but not listed. */
    static final int MAX_REMEMBERED = 100_000;

    private static final long CLOSING_SECONDS = 5;

    private static final Logger log = LoggerFactory.getLogger(Enrolment.class);

    private final EdgeTables tables;
    private final Bans bans;
    private final InstantSource clock;
    private final Map<KeyId, Long> revoked;
    private final Map<String, Enrolled> known = new ConcurrentHashMap<>();
    private final List<Consumer<KeyId>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Enrolled>> greeters = new CopyOnWriteArrayList<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> new Thread(task, "enrolment"));

    private Enrolment(EdgeTables tables, Bans bans, InstantSource clock) throws IOException {
        this.tables = tables;
        this.bans = bans;
        this.clock = clock;
        this.revoked = new ConcurrentHashMap<>(tables.revoked());
        tables.enrolled().forEach(edge -> known.put(nameOf(edge.site(), edge.fingerprint()), edge));
    }

    /** Takes up what the database holds; throws {@link ConfigException} when that cannot be read. */
    public static Enrolment open(TrackerDatabase database, InstantSource clock) {
        try {
            return new Enrolment(new EdgeTables(database), new Bans(new BanTables(database), clock), clock);
        } catch (IOException e) {
            throw new ConfigException("data", null, "edges cannot be read from the database: " + e.getMessage());
        }
    }

    @Override
    public boolean isRevoked(KeyId fingerprint) {
        return revoked.containsKey(fingerprint);
    }

    @Override
    public boolean isBanned(KeyId fingerprint) {
        return bans.isBanned(fingerprint);
    }

    /** Who is banned. */
    public Bans bans() {
        return bans;
    }

    @Override
    public void met(SiteId site, KeyId fingerprint) {
        if (known.size() >= MAX_REMEMBERED) {
            return;
        }
        Enrolled edge = new Enrolled(site, fingerprint, clock.instant().getEpochSecond());
        if (known.putIfAbsent(nameOf(site, fingerprint), edge) == null) {
            log.info("{}: enrolled edge {}", site, fingerprint.text());
            writer.execute(() -> keep(edge));
            greeters.forEach(greeter -> greeter.accept(edge));
        }
    }

    private void keep(Enrolled edge) {
        try {
            tables.enrol(edge);
        } catch (IOException e) {
            log.error(
                    "{}: edge {} could not be remembered",
                    edge.site(),
                    edge.fingerprint().text(),
                    e);
        }
    }

    /** Calls {@code greeter} with every edge that is met for the first time from now on; it must not block. */
    public void onEnrolled(Consumer<Enrolled> greeter) {
        greeters.add(greeter);
    }

    /** All that were met. */
    public Collection<Enrolled> known() {
        return List.copyOf(known.values());
    }

    /** Calls {@code listener} with every key that is revoked from now on. */
    public void onRevoked(Consumer<KeyId> listener) {
        listeners.add(listener);
    }

    /** Revokes a key for good, met before or not. Blocks on the database. */
    public void revoke(KeyId fingerprint) throws IOException {
        long now = clock.instant().getEpochSecond();
        tables.revoke(fingerprint, now);
        revoked.put(fingerprint, now);
        listeners.forEach(listener -> listener.accept(fingerprint));
    }

    /** What is known, as the operator reads it. */
    public EdgeList list() {
        return EdgeList.of(known.values(), revoked);
    }

    /** Runs what keeps something of an edge, after what was to be kept before. */
    @Override
    public void execute(Runnable keeping) {
        writer.execute(keeping);
    }

    private static String nameOf(SiteId site, KeyId fingerprint) {
        return site + " " + fingerprint.text();
    }

    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                log.warn("the last edges could not be remembered in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
