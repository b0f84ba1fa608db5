package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.playlist.HlsPlaylist;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the playlists of the sites' running streams while visitors watch the streams, so that each new segment is
 * indexed as soon as it is there. Hears under its lock; looks on threads of its own.
 */
final class LiveStreams implements AutoCloseable {
    /** Playlists of one site, those included that multivariant ones name. */
    static final int MAX_PLAYLISTS = 64;
    /** Looks under way at once. */
    private static final int THREADS = 2;

    private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);

    private final Function<SiteId, List<ResourceUrl>> configured;
    private final SiteEntries entries;
    private final World world;
    private final Clock clock;
    private final long salt;

    private final Map<SiteId, Playlists> bySite = new HashMap<>();
    private final ScheduledExecutorService looks =
            Executors.newScheduledThreadPool(THREADS, task -> new Thread(task, "indexer-live"));

    /** What it needs of the indexer; any thread may call. */
    interface World {
        int threshold(SiteId site);

        OriginHttp http(SiteId site, SitePolicy policy);

        /** A segment is there, and is wanted by several. */
        void appeared(SiteId site, List<ResourceUrl> segments);

        /** Nobody needs these any more. */
        void left(SiteId site, Set<ResourceUrl> segments);
    }

    /** A playlist, and what the last look at it told. Guarded by the lock, but for what a look alone touches. */
    private static final class Stream {
        final SiteId site;
        final ResourceUrl url;
        final LiveWatch watch = new LiveWatch();
        boolean isPlanned;
        /** The playlists that it names, when it is a multivariant one. */
        List<ResourceUrl> variants = List.of();

        Validators validators = Validators.NONE;

        @Nullable
        HlsPlaylist last;

        Stream(SiteId site, ResourceUrl url) {
            this.site = site;
            this.url = url;
        }
    }

    /** Those that a site named, and the streams of these and of what they name in turn. */
    private record Playlists(List<ResourceUrl> named, Map<ResourceUrl, Stream> streams) {}

    /**
     * {@code configured} names the playlists of a site, which may be others at any time, {@code salt} is as for {@link
     * AskerTally}.
     */
    LiveStreams(
            Function<SiteId, List<ResourceUrl>> configured, SiteEntries entries, World world, Clock clock, long salt) {
        this.configured = configured;
        this.entries = entries;
        this.world = world;
        this.clock = clock;
        this.salt = salt;
    }

    /** {@code asker} went to the origin for these. */
    synchronized void missing(SiteId site, Asker asker, List<ResourceUrl> urls) {
        for (Stream stream : List.copyOf(streams(site).values())) {
            urls.forEach(url -> stream.watch.asked(url, asker.person(salt), asker.network(salt), clock.millis()));
            plan(stream);
        }
    }

    /** {@code asker} has got these. */
    void announced(SiteId site, Asker asker, List<ContentId> contents) {
        if (configured.apply(site).isEmpty()) {
            return;
        }
        for (ContentId content : contents) {
            for (CatalogEntry entry : entries.withContent(site, content)) {
                announced(site, asker, entry.url());
            }
        }
    }

    private synchronized void announced(SiteId site, Asker asker, ResourceUrl url) {
        for (Stream stream : List.copyOf(streams(site).values())) {
            if (stream.watch.names(url)) {
                stream.watch.asked(url, asker.person(salt), asker.network(salt), clock.millis());
                plan(stream);
            }
        }
    }

    /** The streams of a site as it is configured now. */
    private Map<ResourceUrl, Stream> streams(SiteId site) {
        List<ResourceUrl> named = configured.apply(site);
        Playlists known = bySite.getOrDefault(site, new Playlists(List.of(), Map.of()));
        if (known.named().equals(named)) {
            return known.streams();
        }
        Map<ResourceUrl, Stream> streams = begin(site, named, known.streams());
        if (named.isEmpty()) {
            bySite.remove(site);
        } else {
            bySite.put(site, new Playlists(named, streams));
        }
        return streams;
    }

    /** Goes on with those of {@code before} that are named still, by the site or by a playlist that is. */
    private static Map<ResourceUrl, Stream> begin(
            SiteId site, List<ResourceUrl> named, Map<ResourceUrl, Stream> before) {
        Map<ResourceUrl, Stream> streams = new LinkedHashMap<>();
        named.forEach(url -> streams.put(url, before.getOrDefault(url, new Stream(site, url))));
        Deque<Stream> open = new ArrayDeque<>(streams.values());
        while (!open.isEmpty()) {
            for (ResourceUrl url : open.remove().variants) {
                Stream variant = before.get(url);
                if (variant != null && streams.size() < MAX_PLAYLISTS && streams.putIfAbsent(url, variant) == null) {
                    open.add(variant);
                }
            }
        }
        return streams;
    }

    /** False once nothing that the site names leads to it any more: then it is not to be looked at. */
    private synchronized boolean isNamed(Stream stream) {
        return streams(stream.site).get(stream.url) == stream;
    }

    private synchronized void plan(Stream stream) {
        if (!isNamed(stream)) {
            return;
        }
        long nowMs = clock.millis();
        OptionalLong next = stream.watch.nextLookMs(world.threshold(stream.site), nowMs);
        if (stream.isPlanned || next.isEmpty()) {
            return;
        }
        try {
            var unused = looks.schedule(() -> look(stream), next.getAsLong() - nowMs, TimeUnit.MILLISECONDS);
            stream.isPlanned = true;
        } catch (RejectedExecutionException e) {
            log.debug("closing, no stream is watched any more");
        }
    }

    private void look(Stream stream) {
        if (!isNamed(stream)) {
            return;
        }
        long beganMs = clock.millis();
        try {
            SitePolicy policy = entries.policy(stream.site)
                    .filter(allowed -> allowed.admitsContentOrigin(stream.url.origin()))
                    .orElseThrow(() -> new IOException("its origin is not one of the site's content origins"));
            look(stream, policy, beganMs);
        } catch (IOException | DecodeException | RuntimeException e) {
            log.info("{}: the playlist {} was not read: {}", stream.site, stream.url, e.getMessage());
            synchronized (this) {
                stream.watch.failed(beganMs);
            }
        } finally {
            synchronized (this) {
                stream.isPlanned = false;
                plan(stream);
            }
        }
    }

    private void look(Stream stream, SitePolicy policy, long beganMs) throws IOException, DecodeException {
        HlsPlaylist before = stream.last;
        HlsPlaylist playlist = read(stream, policy);
        stream.last = playlist;
        if (!playlist.playlists().isEmpty()) {
            // As it was, too: since then there may be room for more, or the site's origins may be others.
            spread(stream, policy, playlist, beganMs);
            return;
        }
        if (playlist.equals(before)) {
            synchronized (this) {
                stream.watch.unchanged(playlist, beganMs);
            }
            return;
        }
        List<ResourceUrl> urls = playlist.segments().stream()
                .filter(segment -> !segment.isPart())
                .flatMap(segment -> resolved(stream.url, segment.uri()).stream())
                .filter(policy::admits)
                .distinct()
                .toList();
        LiveWatch.Found found;
        boolean isWatched;
        synchronized (this) {
            if (!isNamed(stream)) {
                return;
            }
            found = stream.watch.looked(playlist, urls, beganMs);
            isWatched = stream.watch.isWatched(world.threshold(stream.site), beganMs);
        }
        if (isWatched && !found.appeared().isEmpty()) {
            world.appeared(stream.site, found.appeared());
        }
        if (!found.left().isEmpty()) {
            world.left(stream.site, found.left());
        }
    }

    /** What a multivariant playlist names is watched as well, each while somebody watches that. */
    private synchronized void spread(Stream stream, SitePolicy policy, HlsPlaylist playlist, long beganMs) {
        Map<ResourceUrl, Stream> streams = streams(stream.site);
        if (streams.get(stream.url) != stream) {
            return;
        }
        stream.variants = playlist.playlists().stream()
                .flatMap(uri -> resolved(stream.url, uri).stream())
                .filter(url -> policy.admitsContentOrigin(url.origin()))
                .distinct()
                .limit(MAX_PLAYLISTS)
                .toList();
        for (ResourceUrl url : stream.variants) {
            if (streams.size() < MAX_PLAYLISTS && !streams.containsKey(url)) {
                Stream variant = new Stream(stream.site, url);
                streams.put(url, variant);
                variant.watch.inherit(stream.watch);
                plan(variant);
            }
        }
        stream.watch.looked(playlist, List.of(), beganMs);
    }

    private HlsPlaylist read(Stream stream, SitePolicy policy) throws IOException, DecodeException {
        HlsPlaylist last = stream.last;
        Validators known = last == null ? Validators.NONE : stream.validators;
        try (OriginHttp.Exchange exchange = world.http(stream.site, policy).get(stream.url, known)) {
            int status = exchange.response().getCode();
            if (status == HttpStatus.SC_NOT_MODIFIED && last != null) {
                return last;
            }
            if (status != HttpStatus.SC_OK || exchange.response().getEntity() == null) {
                throw new IOException("status " + status);
            }
            byte[] body = exchange.response().getEntity().getContent().readNBytes(HlsPlaylist.MAX_CHARS + 1);
            HlsPlaylist playlist = HlsPlaylist.parse(new String(body, StandardCharsets.UTF_8));
            stream.validators = Validators.of(exchange.headers());
            return playlist;
        }
    }

    private static Optional<ResourceUrl> resolved(ResourceUrl playlist, String uri) {
        try {
            URI url = URI.create(playlist.text()).resolve(uri.replace(" ", "%20"));
            String text = url.toASCIIString();
            int fragment = text.indexOf('#');
            return Optional.of(ResourceUrl.parse(fragment < 0 ? text : text.substring(0, fragment)));
        } catch (DecodeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
