package dev.rivulet.tracker.config;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.protocol.settings.Setting;
import dev.rivulet.protocol.settings.Settings;
import dev.rivulet.tracker.tls.PemFiles;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tracker's whole configuration. */
public record TrackerConfig(
        @Setting(
                help = "Where to listen for HTTP and WebSocket, `HOST:PORT`; port 0 lets the system choose.",
                fallback = "127.0.0.1:7070")
        ListenAddress listen,

        @Setting(
                help =
                        "Where to serve the dashboard, the API for operators and the metrics, `HOST:PORT`, and nowhere else:"
                                + " an address that only operators reach. Unless given they are served at `listen`.")
        @Nullable
        ListenAddress operatorListen,

        @Setting(help = "Directory of keys, database and indexed pieces; made when missing.", fallback = "data/tracker")
        String data,

        @Setting(
                help = "Base URL under which browsers and edges reach this tracker, when it is not `http://` and the"
                        + " address it is asked at, for instance behind a proxy.")
        @Nullable
        String publicUrl,

        @Setting(
                help =
                        "PEM file of the server's certificate, followed by those that lead to its authority, such as"
                                + " certbot's `fullchain.pem`: the tracker then speaks TLS at `listen`. Read again when it changes.")
        @Nullable
        String tlsCertificate,

        @Setting(
                help = "PEM file of the certificate's private key, not encrypted: PKCS#8, PKCS#1 or SEC 1, RSA or EC,"
                        + " such as certbot's `privkey.pem`.")
        @Nullable
        String tlsKey,

        @Setting(help = "The sites by their id: lower-case letters, digits and hyphens.")
        Map<String, SiteConfig> sites,

        @Setting(help = "Secrets by which publishers and edges are known.")
        List<TokenConfig> tokens,

        @Setting(
                help = "Where to answer STUN, over UDP, `HOST:PORT`, and at the next port who examines a NAT; peers are"
                        + " told of it under the host name at which they reached the tracker. `none`: nowhere. Unless"
                        + " given the host and port of `listen`, or nowhere where that is a loopback address.")
        @Nullable
        StunConfig stun,

        @Setting(
                help = "Further STUN and TURN servers that peers are told of. None unless given: no third party is a"
                        + " default.")
        List<IceServerConfig> iceServers,

        @Setting(help = "Base URLs of other trackers of the same sites, which clients move to when this one is gone.")
        List<String> trackers,

        @Setting(
                help =
                        "Addresses or networks (`10.0.0.0/8`) of reverse proxies whose `Forwarded`, or `X-Forwarded-For` and"
                                + " `X-Forwarded-Proto`, are believed.")
        List<String> proxies,

        @Setting(
                help = "WebSocket connections accepted at once; further ones are answered with 503.",
                fallback = "50000",
                min = 1,
                max = 1_000_000)
        int maxConnections,

        @Setting(help = "Least severe log lines to print: `error`, `warn`, `info` or `debug`.", fallback = "info")
        LogLevel logLevel,

        @Setting(
                help = "How log lines are written to stderr: `text`, or `json`, an object on each line.",
                fallback = "text")
        LogFormat logFormat,

        @Setting(help = "How the tracker itself fetches and hashes what visitors ask for.")
        IndexingConfig indexing) {

    /** Reads this configuration from file, environment and flags. */
    public static final Settings<TrackerConfig> SETTINGS = Settings.of(TrackerConfig.class, "RIVULET_TRACKER_");

    public TrackerConfig {
        sites = Map.copyOf(sites);
        tokens = List.copyOf(tokens);
        iceServers = List.copyOf(iceServers);
        trackers = List.copyOf(trackers);
        trackers.forEach(url -> BaseUrls.parse("trackers", url));
        proxies = List.copyOf(proxies);
        for (String proxy : proxies) {
            if (new IPAddressString(proxy).getAddress() == null) {
                throw new ConfigException("proxies", proxy, "write addresses or networks, such as 10.0.0.0/8");
            }
        }
        atMost("trackers", trackers, Limits.MAX_TRACKERS);
        // One place is for the tracker itself.
        atMost("ice-servers", iceServers, Limits.MAX_ICE_SERVERS - 1);
        if (publicUrl != null) {
            BaseUrls.parse("public-url", publicUrl);
        }
        if (tlsCertificate != null && tlsKey == null) {
            throw new ConfigException("tls-key", null, "name the PEM file of the private key of tls-certificate");
        }
        if (tlsKey != null && tlsCertificate == null) {
            throw new ConfigException("tls-certificate", null, "name the PEM file of the certificate of tls-key");
        }
        for (TokenConfig token : tokens) {
            if (!sites.containsKey(token.site())) {
                throw new ConfigException("tokens", token.site(), "name a site that is configured under sites");
            }
        }
    }

    public Path dataDirectory() {
        return Path.of(data);
    }

    /** {@link #publicUrl}, to which paths may be appended. */
    public @Nullable ResourceUrl publicBase() {
        return publicUrl == null ? null : BaseUrls.parse("public-url", publicUrl);
    }

    /** The files of the certificate, where the tracker speaks TLS itself. */
    public Optional<PemFiles> tls() {
        return tlsCertificate == null || tlsKey == null
                ? Optional.empty()
                : Optional.of(new PemFiles(Path.of(tlsCertificate), Path.of(tlsKey)));
    }

    /** {@link #trackers}, to which paths may be appended. */
    public List<ResourceUrl> trackerBases() {
        return trackers.stream().map(url -> BaseUrls.parse("trackers", url)).toList();
    }

    /** Where to answer STUN, if at all. */
    public Optional<ListenAddress> stunListen() {
        if (stun != null) {
            return stun.listen();
        }
        // On a loopback address it would be told to nobody whom it could help.
        return isLoopback(listen.host()) ? Optional.empty() : Optional.of(listen);
    }

    /** Whether visitors elsewhere are expected, and those behind NATs will not find each other: nothing tells how. */
    public boolean lacksStun() {
        return publicUrl != null
                && !isLoopback(URI.create(publicUrl).getHost())
                && stun == null
                && stunListen().isEmpty()
                && iceServers.isEmpty();
    }

    private static boolean isLoopback(String host) {
        IPAddress address = new IPAddressString(host).getAddress();
        return address == null ? host.equals("localhost") : address.isLoopback();
    }

    private static void atMost(String key, List<?> values, int most) {
        if (values.size() > most) {
            throw new ConfigException(key, values.size() + " of them", "write at most " + most);
        }
    }
}
