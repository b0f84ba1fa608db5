package dev.rivulet.tracker.operating;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.config.SiteConfig;
import dev.rivulet.tracker.database.SiteTables;
import dev.rivulet.tracker.site.Site;
import dev.rivulet.tracker.site.Sites;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where sites come from: the configuration file, whose sites stay as they are while the tracker runs, and the database,
 * whose sites operators add, edit and remove. Thread-safe.
 */
public final class SiteDirectory {
    /** Sites there may be. */
    public static final int MAX_SITES = 1000;

    private static final Logger log = LoggerFactory.getLogger(SiteDirectory.class);

    private final SiteTables tables;
    private final Sites sites;
    private final Map<SiteId, Listed> listed = new TreeMap<>();

    /**
     * A site and what it was made of.
     *
     * @param fromFile whether the configuration file has it, so that it cannot be changed here
     */
    public record Listed(SiteId id, SiteConfig config, boolean fromFile) {}

    private SiteDirectory(SiteTables tables, Sites sites) {
        this.tables = tables;
        this.sites = sites;
    }

    /** Takes up both; throws {@link ConfigException} that names the key, or when the database holds nonsense. */
    public static SiteDirectory open(SiteTables tables, Map<String, SiteConfig> ofFile) {
        Map<String, SiteConfig> all = new HashMap<>(ofFile);
        try {
            tables.sites().forEach((id, text) -> {
                if (ofFile.containsKey(id)) {
                    log.warn("{}: the site of that name in the configuration file hides the one in the database", id);
                } else {
                    all.put(id, SiteText.read(text));
                }
            });
        } catch (IOException e) {
            throw new ConfigException("data", null, "sites cannot be read from the database: " + e.getMessage());
        }
        SiteDirectory directory = new SiteDirectory(tables, Sites.of(all));
        all.forEach((name, config) -> {
            SiteId id = new SiteId(name);
            directory.listed.put(id, new Listed(id, config, ofFile.containsKey(name)));
        });
        return directory;
    }

    /** All of them, live. */
    public Sites sites() {
        return sites;
    }

    /** All of them, by id. */
    public synchronized List<Listed> all() {
        return List.copyOf(listed.values());
    }

    /** One of them. */
    public synchronized Optional<Listed> find(SiteId id) {
        return Optional.ofNullable(listed.get(id));
    }

    /**
     * Adds a site: kept first, then in force. Throws {@link ConfigException} that names the key when it is not as it should
     * be.
     *
     * @return false when there is one of that id, which then stays as it is
     */
    public synchronized boolean add(SiteId id, SiteConfig config) throws IOException {
        if (listed.containsKey(id)) {
            return false;
        }
        if (listed.size() >= MAX_SITES) {
            throw new ConfigException("id", id.text(), "there are " + MAX_SITES + " sites already; remove one first");
        }
        put(id, config, null);
        return true;
    }

    /**
     * Changes a site, as {@link #add} adds one.
     *
     * @return false when there is none of that id, or not any more
     * @throws IllegalArgumentException when the site is the configuration file's
     */
    public synchronized boolean change(SiteId id, SiteConfig config) throws IOException {
        Listed before = listed.get(id);
        if (before == null) {
            return false;
        }
        if (before.fromFile()) {
            throw new IllegalArgumentException(id + " is in the configuration file");
        }
        put(id, config, before);
        return true;
    }

    private void put(SiteId id, SiteConfig config, @Nullable Listed before) throws IOException {
        Site site = Sites.site("", id.text(), config);
        tables.put(id, SiteText.write(config));
        try {
            sites.put(site);
        } catch (IOException | RuntimeException e) {
            if (before == null) {
                tables.remove(id);
            }
            throw e;
        }
        listed.put(id, new Listed(id, config, false));
    }

    /**
     * Removes a site; its keys and its catalog are kept, and taken up again when it is added again.
     *
     * @throws IllegalArgumentException when the site is the configuration file's
     */
    public synchronized boolean remove(SiteId id) throws IOException {
        Listed before = listed.get(id);
        if (before == null) {
            return false;
        }
        if (before.fromFile()) {
            throw new IllegalArgumentException(id + " is in the configuration file");
        }
        tables.remove(id);
        sites.remove(id);
        listed.remove(id);
        return true;
    }
}
