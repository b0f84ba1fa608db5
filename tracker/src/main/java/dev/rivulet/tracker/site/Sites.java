package dev.rivulet.tracker.site;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.config.SiteConfig;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The sites that the tracker serves, by their id. Any thread may read, and sees a site as it was before a change or as it
 * is after; changes are made one at a time.
 */
public final class Sites {
    /** A policy as JSON; a welcome has to have room for the catalog too. */
    private static final int MAX_POLICY_CHARS = 32 * 1024;

    /** Playlists of running streams that a site names. */
    public static final int MAX_LIVE = 16;

    private volatile Map<SiteId, Site> byId;
    private final List<SitesListener> listeners = new CopyOnWriteArrayList<>();

    private Sites(Map<SiteId, Site> byId) {
        this.byId = byId;
    }

    /** Checks what was configured; throws {@link ConfigException} that names the key. */
    public static Sites of(Map<String, SiteConfig> configured) {
        Map<SiteId, Site> sites = new TreeMap<>();
        configured.forEach((name, config) -> {
            Site site = site("sites." + name, name, config);
            sites.put(site.id(), site);
        });
        return new Sites(sites);
    }

    /**
     * Checks what was configured of one site; throws {@link ConfigException} that names the key.
     *
     * @param key of the site in what was configured; empty where its keys stand alone
     */
    public static Site site(String key, String name, SiteConfig config) {
        SiteId id = checked(key.isEmpty() ? "id" : key, name, "write a lower-case name such as my-site", SiteId::new);
        String prefix = key.isEmpty() ? "" : key + ".";
        SitePolicy policy = policy(prefix, config);
        List<ResourceUrl> live = live(prefix + "live", config.live(), policy);
        return new Site(id, policy, config.openEdges(), config.indexThreshold(), live);
    }

    /** Tells {@code listener} of changes from now on: of additions in the order of subscription, of removals the reverse. */
    public void subscribe(SitesListener listener) {
        listeners.add(listener);
    }

    /** Adds a site, or changes what it is. Throws when a part of the tracker cannot take an addition up: it is not made. */
    public synchronized void put(Site site) throws IOException {
        Map<SiteId, Site> next = new TreeMap<>(byId);
        if (next.put(site.id(), site) == null) {
            add(site);
            byId = next;
        } else {
            byId = next;
            for (SitesListener listener : listeners) {
                listener.changed(site);
            }
        }
    }

    private void add(Site site) throws IOException {
        Deque<SitesListener> told = new ArrayDeque<>();
        try {
            for (SitesListener listener : listeners) {
                told.push(listener);
                listener.added(site);
            }
        } catch (IOException | RuntimeException e) {
            told.forEach(listener -> listener.removed(site.id()));
            throw e;
        }
    }

    /** Removes a site; false when there was none. */
    public synchronized boolean remove(SiteId id) {
        if (!byId.containsKey(id)) {
            return false;
        }
        Deque<SitesListener> latestFirst = new ArrayDeque<>();
        listeners.forEach(latestFirst::push);
        latestFirst.forEach(listener -> listener.removed(id));
        Map<SiteId, Site> next = new TreeMap<>(byId);
        next.remove(id);
        byId = next;
        return true;
    }

    /** The site of this id, if it is enrolled. */
    public Optional<Site> find(SiteId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** All of them, by id. */
    public Collection<Site> all() {
        return byId.values();
    }

    private static SitePolicy policy(String prefix, SiteConfig config) {
        PrivacyMode mode =
                switch (config.mode()) {
                    case OPEN -> PrivacyMode.OPEN;
                    case EDGES -> PrivacyMode.EDGES;
                };
        try {
            SitePolicy policy = new SitePolicy(
                    mode,
                    config.consent(),
                    origins(prefix + "web-origins", config.webOrigins()),
                    origins(prefix + "content-origins", config.contentOrigins()),
                    patterns(prefix + "include", config.include()),
                    patterns(prefix + "exclude", config.exclude()),
                    config.allowPrivate(),
                    config.upload());
            int chars = Json.write(policy.encode()).length();
            if (chars > MAX_POLICY_CHARS) {
                throw new ConfigException(
                        nameOf(prefix),
                        null,
                        "is too long by " + (chars - MAX_POLICY_CHARS)
                                + " characters to be told to visitors; write fewer or shorter patterns");
            }
            return policy;
        } catch (InvalidValueException e) {
            throw new ConfigException(nameOf(prefix), null, e.getMessage() + "; write fewer");
        }
    }

    /** Of the site as a whole. */
    private static String nameOf(String prefix) {
        return prefix.isEmpty() ? "the site" : prefix.substring(0, prefix.length() - 1);
    }

    private static List<OriginPattern> origins(String key, List<String> texts) {
        if (texts.isEmpty()) {
            throw new ConfigException(key, "[]", "write at least one origin, such as https://www.example.org");
        }
        String remedy = "write scheme://host[:port] without a path, such as https://*.example.org";
        return each(key, texts, remedy, OriginPattern::new);
    }

    private static List<ResourceUrl> live(String key, List<String> texts, SitePolicy policy) {
        if (texts.size() > MAX_LIVE) {
            throw new ConfigException(key, texts.size() + " of them", "write at most " + MAX_LIVE);
        }
        List<ResourceUrl> urls = new ArrayList<>();
        for (String text : texts) {
            String place = key + "[" + urls.size() + "]";
            ResourceUrl url;
            try {
                url = ResourceUrl.parse(text);
            } catch (DecodeException e) {
                throw new ConfigException(place, text, e.reason() + "; write a playlist's URL as browsers do");
            }
            if (!policy.admitsContentOrigin(url.origin())) {
                throw new ConfigException(place, text, "write a URL on one of the site's content-origins");
            }
            urls.add(url);
        }
        return urls;
    }

    private static List<UrlPattern> patterns(String key, List<String> texts) {
        return each(key, texts, "write a path pattern, such as /media/**", UrlPattern::new);
    }

    private static <T> List<T> each(String key, List<String> texts, String remedy, Function<String, T> parse) {
        List<T> values = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            values.add(checked(key + "[" + i + "]", texts.get(i), remedy, parse));
        }
        return values;
    }

    private static <T> T checked(String key, String text, String remedy, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (InvalidValueException e) {
            throw new ConfigException(key, text, e.reason() + "; " + remedy);
        }
    }
}
