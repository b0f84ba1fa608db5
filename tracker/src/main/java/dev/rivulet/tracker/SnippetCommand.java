package dev.rivulet.tracker;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.keys.KeyDirectory;
import dev.rivulet.tracker.operating.Snippet;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the tag that a site's pages embed. */
@Command(
        name = "snippet",
        description = {
            "Print the tag that embeds the client into a site's pages.",
            "The site's key is read from the data directory, or else asked of the tracker at --tracker."
        },
        mixinStandardHelpOptions = true,
        versionProvider = TrackerMain.Version.class)
final class SnippetCommand implements Callable<Integer> {
    /** How long a tracker may take to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int OK = 200;

    @Option(names = "--site", paramLabel = "ID", required = true, description = "The site's id.")
    private String site = "";

    @Option(names = "--tracker", paramLabel = "URL", description = "Where browsers find the tracker.")
    private @Nullable String tracker;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws Exception {
        TrackerConfig config = options.read();
        SiteId id = siteId(site);
        ResourceUrl base =
                tracker == null ? base(config) : parseBase("tracker", tracker.endsWith("/") ? tracker : tracker + "/");
        Optional<KeyId> kept = new KeyDirectory(config.dataDirectory(), new SecureRandom()).existing(id);
        KeyId key = kept.isPresent() ? kept.get() : ask(base, id);
        System.out.println(Snippet.html(base, id, key));
        return 0;
    }

    /** Where browsers find the tracker; throws {@link ConfigException} when its configuration does not tell. */
    static ResourceUrl base(TrackerConfig config) {
        ResourceUrl configured = config.publicBase();
        if (configured != null) {
            return configured;
        }
        IPAddress address = new IPAddressString(config.listen().host()).getAddress();
        if (address != null && address.isAnyLocal()) {
            throw new ConfigException(
                    "public-url",
                    null,
                    "say where browsers find a tracker that listens at " + config.listen()
                            + ", such as https://tracker.example.org/");
        }
        return parseBase("listen", OwnUrl.text(config, config.listen()));
    }

    private KeyId ask(ResourceUrl base, SiteId id) throws InterruptedException {
        if (tracker == null) {
            throw new ConfigException(
                    "site", id.text(), "has no key in the data directory; run the tracker once, or name it: --tracker");
        }
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "sites/" + id + "/catalog"))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != OK) {
                throw new ConfigException("site", id.text(), "is not one of the tracker's; name one that is");
            }
            return CatalogBody.parse(answer.body()).rootKey().keyId();
        } catch (IOException | DecodeException e) {
            throw new ConfigException("tracker", base.text(), "does not answer as a tracker (" + e + "); correct it");
        }
    }

    /** Throws {@link ConfigException} when it is none. */
    static SiteId siteId(String text) {
        try {
            return SiteId.parse(text);
        } catch (DecodeException e) {
            throw new ConfigException("site", text, e.reason() + "; write a site's id");
        }
    }

    private static ResourceUrl parseBase(String key, String url) {
        try {
            return ResourceUrl.parseBase(url);
        } catch (DecodeException e) {
            throw new ConfigException(key, url, e.reason() + "; write a base URL, such as http://127.0.0.1:7070/");
        }
    }
}
