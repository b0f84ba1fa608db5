package dev.rivulet.tracker.policy;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.config.IceServerConfig;
import dev.rivulet.tracker.database.SiteTables;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The policy as it is now: what an operator set last, or else the configuration file's. Thread-safe. */
public final class Policies {
    private final SiteTables tables;
    private volatile TrackerPolicy current;
    private volatile boolean fromFile;

    private Policies(SiteTables tables, TrackerPolicy current, boolean fromFile) {
        this.tables = tables;
        this.current = current;
        this.fromFile = fromFile;
    }

    /** Takes up what is kept; throws {@link ConfigException} when that cannot be read. */
    public static Policies open(SiteTables tables, TrackerPolicy ofFile) {
        try {
            Optional<String> kept = tables.policy();
            return kept.isEmpty()
                    ? new Policies(tables, ofFile, true)
                    : new Policies(tables, TrackerPolicy.decode(kept.get()), false);
        } catch (IOException | DecodeException e) {
            throw new ConfigException("data", null, "the policy cannot be read from the database: " + e.getMessage());
        }
    }

    /** What holds now. */
    public TrackerPolicy current() {
        return current;
    }

    /** Whether it is the configuration file's. */
    public boolean isFromFile() {
        return fromFile;
    }

    /** Another holds from now on. Blocks on the database. */
    public synchronized void put(TrackerPolicy policy) throws IOException {
        tables.putPolicy(policy.encode());
        current = policy;
        fromFile = false;
    }

    /** The STUN and TURN servers, as welcomes name them. */
    public List<IceServer> ice() {
        return current.iceServers().stream().map(IceServerConfig::told).toList();
    }
}
