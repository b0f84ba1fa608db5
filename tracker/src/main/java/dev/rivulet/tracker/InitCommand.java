package dev.rivulet.tracker;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.Sources;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.enrolment.OperatorFile;
import dev.rivulet.tracker.keys.KeyDirectory;
import dev.rivulet.tracker.keys.Ownership;
import dev.rivulet.tracker.keys.PrivateFile;
import dev.rivulet.tracker.operating.Snippet;
import dev.rivulet.tracker.site.Sites;
import dev.rivulet.tracker.tls.PemFiles;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks for what a tracker of one site needs, checks it, writes the configuration, and says what comes next. */
@Command(
        name = "init",
        description = {
            "Set a tracker up: ask for what is not given as an option, make the first site's keys and a token to publish",
            "with, write the configuration, and print the tag for the site's pages and what to do next."
        },
        mixinStandardHelpOptions = true,
        versionProvider = TrackerMain.Version.class)
final class InitCommand implements Callable<Integer> {
    /** The file that is written where none is named. */
    private static final String DEFAULT_FILE = "tracker.yaml";

    private static final String DEFAULT_LISTEN = "127.0.0.1:7070";

    /** No proxy passes it on. */
    private static final String STUN_BEHIND_PROXY = "0.0.0.0:3478";

    private static final String CONFIG_VARIABLE = "RIVULET_TRACKER_CONFIG";
    private static final String DATA_VARIABLE = "RIVULET_TRACKER_DATA";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The file to write; default " + CONFIG_VARIABLE + ", or else " + DEFAULT_FILE + ".")
    private @Nullable String config;

    @Option(names = "--force", description = "Replace a file that exists.")
    private boolean force;

    @Option(names = "--data", paramLabel = "DIR", description = "Directory of keys, database and pieces.")
    private @Nullable String data;

    @Option(names = "--public-url", paramLabel = "URL", description = "Where browsers and edges find the tracker.")
    private @Nullable String publicUrl;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where to listen; default " + DEFAULT_LISTEN)
    private @Nullable String listen;

    @Option(
            names = "--stun",
            paramLabel = "HOST:PORT",
            description = "Where to answer STUN, over UDP; default " + STUN_BEHIND_PROXY + " behind a proxy, else where"
                    + " it listens.")
    private @Nullable String stun;

    @Option(names = "--tls-certificate", paramLabel = "FILE", description = "PEM, where no proxy speaks TLS.")
    private @Nullable String tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM, the certificate's private key.")
    private @Nullable String tlsKey;

    @Option(names = "--proxy", paramLabel = "ADDRESS", description = "Of a reverse proxy before it; may be repeated.")
    private List<String> proxies = new ArrayList<>();

    @Option(names = "--site", paramLabel = "ID", description = "Id of the first site: a-z, 0-9 and hyphens.")
    private @Nullable String site;

    @Option(names = "--web-origin", paramLabel = "ORIGIN", description = "Of the site's pages; may be repeated.")
    private List<String> webOrigins = new ArrayList<>();

    @Option(names = "--content-origin", paramLabel = "ORIGIN", description = "Of its content; may be repeated.")
    private List<String> contentOrigins = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        String named = config == null ? System.getenv(CONFIG_VARIABLE) : config;
        Path file = Path.of(named == null ? DEFAULT_FILE : named).toAbsolutePath();
        if (Files.exists(file) && !force) {
            throw new ConfigException("config", file.toString(), "exists; remove it, or say --force to replace it");
        }
        Optional.ofNullable(System.console()).ifPresent(this::ask);
        checkComplete();
        String token = OperatorFile.newSecret(new SecureRandom());
        if (read(file, yaml(token)).lacksStun()) {
            stun = STUN_BEHIND_PROXY;
        }
        String yaml = yaml(token);
        TrackerConfig written = read(file, yaml);
        ResourceUrl base = SnippetCommand.base(written);
        Sites.of(written.sites());
        var unused = written.tls().map(PemFiles::identity);
        SiteId id = SnippetCommand.siteId(String.valueOf(site));
        KeyDirectory keys = new KeyDirectory(written.dataDirectory(), new SecureRandom());
        String tag = Snippet.html(base, id, keys.site(id).rootKey().keyId());
        Ownership.handOver(written.dataDirectory().resolve("keys"), written.dataDirectory());
        if (force) {
            Files.deleteIfExists(file);
        }
        PrivateFile.write(file, out -> out.write(yaml.getBytes(StandardCharsets.UTF_8)));
        say(file, written, tag, token);
        return 0;
    }

    private void ask(Console console) {
        publicUrl = ask(
                console,
                publicUrl,
                "Address at which browsers find it, such as https://tracker.example.org/ (empty: where it listens): ");
        listen = ask(console, listen, "Where to listen, HOST:PORT (empty: " + DEFAULT_LISTEN + ", behind a proxy): ");
        if (proxies.isEmpty() && tlsCertificate == null) {
            tlsCertificate = ask(console, null, "PEM file of a certificate (empty where a proxy speaks TLS): ");
        }
        if (tlsCertificate != null) {
            tlsKey = ask(console, tlsKey, "PEM file of its private key: ");
        } else if (proxies.isEmpty()) {
            proxies = list(ask(console, null, "Addresses of the proxy (empty for none): "));
        }
        site = ask(console, site, "Id of the first site, such as magazine: ");
        if (webOrigins.isEmpty()) {
            webOrigins = list(ask(console, null, "Origins of its pages, such as https://www.example.org: "));
        }
        if (contentOrigins.isEmpty()) {
            contentOrigins = list(ask(console, null, "Origins of its content (empty: the same): "));
        }
    }

    private static @Nullable String ask(Console console, @Nullable String given, String question) {
        if (given != null) {
            return given;
        }
        String answer = console.readLine("%s", question);
        return answer == null || answer.isBlank() ? null : answer.strip();
    }

    private static List<String> list(@Nullable String answer) {
        return answer == null ? List.of() : List.of(answer.split("[,\\s]+"));
    }

    private void checkComplete() {
        if (site == null) {
            throw new ConfigException("site", null, "name the first site: --site magazine");
        }
        if (webOrigins.isEmpty()) {
            throw new ConfigException(
                    "web-origin", null, "name where its pages are: --web-origin https://www.example.org");
        }
        if (contentOrigins.isEmpty()) {
            contentOrigins = webOrigins;
        }
    }

    private static TrackerConfig read(Path file, String yaml) {
        return TrackerConfig.SETTINGS.read(new Sources(file.toString(), yaml, Map.of(), given()));
    }

    private static Map<String, String> given() {
        String data = System.getenv(DATA_VARIABLE);
        return data == null ? Map.of() : Map.of("data", data);
    }

    private String yaml(String token) {
        StringBuilder yaml = new StringBuilder("# Made by rivulet-tracker init; every setting: configuration.md\n");
        put(yaml, "listen", listen == null ? DEFAULT_LISTEN : listen);
        put(yaml, "data", data);
        put(yaml, "public-url", publicUrl);
        put(yaml, "stun", stun);
        put(yaml, "tls-certificate", tlsCertificate);
        put(yaml, "tls-key", tlsKey);
        if (!proxies.isEmpty()) {
            yaml.append("proxies: ").append(list(proxies)).append('\n');
        }
        String id = quoted(String.valueOf(site));
        yaml.append("sites:\n  ").append(id).append(":\n");
        yaml.append("    web-origins: ").append(list(webOrigins)).append('\n');
        yaml.append("    content-origins: ").append(list(contentOrigins)).append('\n');
        yaml.append("tokens:\n  - {token: ").append(quoted(token));
        return yaml.append(", role: publish, site: ").append(id).append("}\n").toString();
    }

    private static void put(StringBuilder yaml, String key, @Nullable String value) {
        if (value != null) {
            yaml.append(key).append(": ").append(quoted(value)).append('\n');
        }
    }

    private static String list(List<String> values) {
        return values.stream().map(InitCommand::quoted).toList().toString();
    }

    /** A JSON string is a YAML one. */
    private static String quoted(String value) {
        return TextNode.valueOf(value).toString();
    }

    private void say(Path file, TrackerConfig config, String tag, String token) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets it");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Wrote " + file + ", and the site's keys below " + config.dataDirectory() + ".");
        out.println("The tag for the site's pages:");
        out.println(tag);
        if (config.publicUrl() == null) {
            out.println("It names the address where the tracker listens. If browsers find it elsewhere, behind a proxy"
                    + " say, set public-url in the file; rivulet-tracker snippet prints the tag anew.");
        }
        out.println("The token to publish with: " + token);
        out.println("Next (operate.md and configuration.md are in docs/, or in /usr/share/doc/rivulet-tracker/):");
        out.println("- Start it: systemctl enable --now rivulet-tracker, or rivulet-tracker run --config " + file);
        if (config.tls().isEmpty()) {
            out.println("- Let a proxy speak TLS for it: operate.md, Behind a proxy.");
        }
        config.stunListen()
                .ifPresent(at ->
                        out.println("- Open UDP port " + at.port() + " and the one after it (STUN): by them visitors"
                                + " and edges behind NATs find each other."));
        out.println(
                "- Keep a copy of what rivulet-tracker backup writes: who loses the keys has to change every page, and"
                        + " who has them can sign for the site.");
        out.flush();
    }
}
