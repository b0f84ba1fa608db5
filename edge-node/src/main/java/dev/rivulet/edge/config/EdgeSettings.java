package dev.rivulet.edge.config;

import dev.rivulet.edge.limit.PieceMemory;
import dev.rivulet.edge.store.DiskPieceStore;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.protocol.message.HintWishes;
import dev.rivulet.protocol.settings.ByteSize;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.protocol.settings.Setting;
import dev.rivulet.protocol.settings.Settings;
import dev.rivulet.protocol.settings.Sources;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that can be set of an edge. Each key is a flag, an environment variable and a key of the file. */
public record EdgeSettings(
        @Setting(help = "Base URL of the tracker, such as https://tracker.example.org")
        TrackerBase tracker,

        @Setting(help = "Id of the site to help, as its operator says it")
        String site,

        @Setting(help = "Directory for pieces and the site's key; made if need be, used by one edge at a time")
        String data,

        @Setting(
                help = "Token that the site's operator gave; not needed where edges are welcome without",
                secret = true)
        @Nullable
        String token,

        @Setting(
                help = "Key id of the site's root key, as in the embed snippet's data-key;"
                        + " without it the key that the tracker names first is remembered")
        @Nullable
        String key,

        @Setting(help = "HOST:PORT at which to serve pieces over HTTP; without it there is no HTTP server") @Nullable
        ListenAddress http,

        @Setting(
                help = "Base URL at which others reach the HTTP server, told to the tracker; needed behind a proxy"
                        + " or when the server listens on all addresses")
        @Nullable
        String httpUrl,

        @Setting(help = "Greatest disk usage of the pieces, at least 16 MiB", fallback = "10 GiB")
        ByteSize maxDisk,

        @Setting(
                help = "Bytes sent per second, to peers and over HTTP together, at least 128 KiB; 0 B for no limit",
                fallback = "32 MiB")
        ByteSize uploadRate,

        @Setting(
                help = "Bytes fetched per second, from origins and peers together, at least 256 KiB; 0 B for no limit",
                fallback = "32 MiB")
        ByteSize downloadRate,

        @Setting(
                help = "Bytes sent and received in a calendar month (UTC), after which nothing is served until the next"
                        + " begins; 0 B for no limit",
                fallback = "500 GiB")
        ByteSize monthlyTransfer,

        @Setting(
                help = "Whether to fetch, while there is little else to do, what the tracker says is asked for; within"
                        + " a quarter of download-rate, half of monthly-transfer, and what is free of max-disk",
                fallback = "true")
        boolean prefetch,

        @Setting(
                help = "Patterns of paths, with spaces between them, of what to fetch ahead even if nobody asks for it;"
                        + " the flag may come several times")
        @Nullable
        Patterns pin,

        @Setting(
                help = "Patterns of paths, with spaces between them, outside of which nothing is fetched;"
                        + " the flag may come several times")
        @Nullable
        Patterns only,

        @Setting(
                help = "Bytes per second of stored pieces that are read again to find damage before somebody asks for"
                        + " them, all of them once a day at most; 0 B for none",
                fallback = "1 MiB")
        ByteSize scrubRate,

        @Setting(
                help = "Whether to fetch from origins at private, loopback and link-local addresses although the"
                        + " tracker is not at one; the site has to allow it, too",
                fallback = "false")
        boolean allowPrivate,

        @Setting(
                help = "WebRTC connections to other peers at a time; 0 for none, pieces are served over HTTP only then",
                fallback = "64",
                min = 0,
                max = 1024)
        int maxPeers,

        @Setting(help = "HTTP connections at a time; further ones wait", fallback = "512", min = 8, max = 65536)
        int httpConnections,

        @Setting(
                help = "Loopback HOST:PORT of the page and the metrics about this edge, or none; unless given,"
                        + " 127.0.0.1:7081 if it is free")
        @Nullable
        StatusAddress status,

        @Setting(
                help = "FIRST-LAST, the UDP ports of WebRTC connections, for a firewall to let in;"
                        + " each connection takes one per network interface")
        @Nullable
        UdpPortRange udpPorts,

        @Setting(
                help =
                        "Resident memory at which the WebRTC process is replaced by a new one; for a while there are two",
                fallback = "320 MiB")
        ByteSize webrtcMemory,

        @Setting(
                help = "Memory of pieces on their way, at least 12 MiB: a third each for those that are fetched, wait"
                        + " for peers, and go out over HTTP",
                fallback = "96 MiB")
        ByteSize pieceMemory,

        @Setting(help = "Requests to origins at a time", fallback = "8", min = 1, max = 64)
        int originConnections,

        @Setting(help = "Silence after which an origin or the tracker is given up", fallback = "15s")
        Duration timeout,

        @Setting(help = "What the operators of the tracker see this edge as, at most 64 characters") @Nullable
        String name,

        @Setting(
                help = "The country that this edge is in, for the operators' map: two capital letters (ISO 3166-1),"
                        + " such as DE")
        @Nullable
        String region,

        @Setting(help = "Least severe log lines to print: error, warn, info or debug", fallback = "info")
        LogLevel logLevel,

        @Setting(help = "How log lines are written to stderr: text, or json, an object on each line", fallback = "text")
        LogFormat logFormat,

        @Setting(
                help = "How many of the signed daily logs of what was served are kept, today's included",
                fallback = "90",
                min = 1,
                max = 3650)
        int logDays) {

    /** How settings are read and printed. */
    public static final Settings<EdgeSettings> READER = Settings.of(EdgeSettings.class, "RIVULET_EDGE_");

    /** Slower, those who wait would give up before their turn comes. */
    static final ByteSize MIN_UPLOAD_RATE = ByteSize.parse("128 KiB");

    /** Slower, an origin's answer of which several are under way would be given up as too slow. */
    static final ByteSize MIN_DOWNLOAD_RATE = ByteSize.parse("256 KiB");

    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    /** Refuses contradictions and values that nothing could be done with. */
    public EdgeSettings {
        siteIdOf(site);
        keyIdOf(key);
        if (data.isBlank()) {
            throw new ConfigException("data", data, "write the path of a directory");
        }
        if (maxDisk.bytes() < DiskPieceStore.MIN_BYTES) {
            throw new ConfigException("max-disk", maxDisk.toString(), "write 16 MiB or more");
        }
        if (name != null && (name.isBlank() || name.length() > Limits.MAX_EDGE_NAME_CHARS || hasControls(name))) {
            throw new ConfigException("name", name, "write 1 to 64 characters on one line");
        }
        if (!EdgeState.isRegion(region)) {
            throw new ConfigException("region", region, "write two capital letters, such as DE");
        }
        if (pieceMemory.bytes() < PieceMemory.MIN_BYTES) {
            throw new ConfigException("piece-memory", pieceMemory.toString(), "write 12 MiB or more");
        }
        checkRate("upload-rate", uploadRate, MIN_UPLOAD_RATE);
        checkRate("download-rate", downloadRate, MIN_DOWNLOAD_RATE);
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new ConfigException("timeout", timeout.toMillis() + "ms", "write 1s to 5m");
        }
        if (pin != null && !prefetch) {
            throw new ConfigException(
                    "pin", pin.toString(), "is fetched ahead: set prefetch to true, or leave pin out");
        }
        if (httpUrl != null) {
            httpUrl = publicUrlOf(httpUrl);
            if (http == null) {
                throw new ConfigException("http-url", httpUrl, "set http, too: without it there is no HTTP server");
            }
        }
    }

    /** The status address alone, of sources that may lack everything else. */
    public static Optional<StatusAddress> statusOf(Sources sources) {
        Map<String, String> flags = new HashMap<>(Map.of("tracker", "http://localhost", "site", "any", "data", "."));
        flags.putAll(sources.flags());
        Sources completed = new Sources(sources.fileName(), sources.yaml(), sources.environment(), flags);
        return Optional.ofNullable(READER.read(completed).status());
    }

    public SiteId siteId() {
        return siteIdOf(site);
    }

    /** The pinned root key; empty when the first one met is to be trusted. */
    public Optional<KeyId> keyId() {
        return keyIdOf(key);
    }

    /** What the tracker is asked for hints of; empty: of nothing. */
    public Optional<HintWishes> hintWishes() {
        return prefetch
                ? Optional.of(
                        new HintWishes(pin == null ? List.of() : pin.all(), only == null ? List.of() : only.all()))
                : Optional.empty();
    }

    /** Whether this edge fetches a resource at all. */
    public boolean admits(ResourceUrl url) {
        return only == null || only.all().stream().anyMatch(pattern -> pattern.matches(url));
    }

    private static void checkRate(String key, ByteSize rate, ByteSize least) {
        if (rate.bytes() != 0 && rate.bytes() < least.bytes()) {
            throw new ConfigException(key, rate.toString(), "write " + least + " or more, or 0 B for no limit");
        }
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static SiteId siteIdOf(String site) {
        try {
            return SiteId.parse(site);
        } catch (DecodeException e) {
            throw new ConfigException("site", site, "write the site's id: lower-case letters, digits and hyphens");
        }
    }

    private static Optional<KeyId> keyIdOf(@Nullable String key) {
        try {
            return key == null ? Optional.empty() : Optional.of(KeyId.parse(key));
        } catch (DecodeException e) {
            throw new ConfigException("key", key, "copy the 43 characters of data-key from the site's embed snippet");
        }
    }

    private static String publicUrlOf(String text) {
        try {
            return TrackerBase.parse(text).toString();
        } catch (IllegalArgumentException e) {
            throw new ConfigException("http-url", text, "write a base URL, such as https://edge.example.org");
        }
    }
}
