package dev.rivulet.edge;

import dev.rivulet.edge.config.ConfigFile;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.config.SettingFlags;
import dev.rivulet.edge.config.UdpPortRange;
import dev.rivulet.edge.config.Version;
import dev.rivulet.edge.identity.Identity;
import dev.rivulet.edge.setup.Advice;
import dev.rivulet.edge.setup.ConfigWriter;
import dev.rivulet.edge.setup.NatKind;
import dev.rivulet.edge.setup.Questions;
import dev.rivulet.edge.setup.StunProbe;
import dev.rivulet.edge.store.DataDirectory;
import dev.rivulet.edge.tracker.Greeting;
import dev.rivulet.edge.tracker.WebSocketLink;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.protocol.settings.Sources;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code init}: asks for what an edge needs, tries it, and writes its configuration. */
@Command(
        name = InitCommand.NAME,
        description = {
            "Sets an edge up: asks for what is not given as an option, makes its key, joins the tracker once,",
            "finds out what the network lets through, writes the configuration, and says what to open in a firewall."
        },
        mixinStandardHelpOptions = true,
        versionProvider = EdgeMain.VersionProvider.class)
final class InitCommand implements Callable<Integer> {
    static final String NAME = "init";

    /** The file that is written where none is named. */
    private static final String DEFAULT_FILE = "edge.yaml";

    private static final Duration TRACKER_PATIENCE = Duration.ofSeconds(20);
    private static final Duration STUN_PATIENCE = Duration.ofMillis(700);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The file to write; default RIVULET_EDGE_CONFIG, or else " + DEFAULT_FILE + ".")
    private @Nullable String config;

    @Option(names = "--force", description = "Replace a file that exists.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        if (spec == null) {
            throw new IllegalStateException("picocli sets it");
        }
        Path file = Path.of(config == null ? fallbackFile() : config);
        if (Files.exists(file) && !force) {
            throw new ConfigException("config", file.toString(), "exists; remove it, or say --force to replace it");
        }
        Map<String, String> given =
                new HashMap<>(SettingFlags.of(spec.commandLine().getParseResult()));
        fromEnvironment(given);
        checkWritable(file);
        Optional.ofNullable(System.console())
                .ifPresent(console -> Questions.ask(given, new Questions.Terminal() {
                    @Override
                    public @Nullable String line(String question) {
                        return console.readLine("%s", question);
                    }

                    @Override
                    public @Nullable String secret(String question) {
                        char[] secret = console.readPassword("%s", question);
                        return secret == null ? null : new String(secret);
                    }
                }));
        String yaml = ConfigWriter.yaml(given);
        EdgeSettings settings = EdgeSettings.READER.read(new Sources(file.toString(), yaml, Map.of(), given));

        NatKind nat;
        try {
            nat = examine(settings);
        } catch (IOException e) {
            throw UnusableException.orSame(e, settings.data());
        }
        ConfigWriter.write(file, yaml);
        System.out.println("Wrote " + file + ".");
        Advice.firewall(settings, nat).forEach(System.out::println);
        Advice.scarcePorts(settings).ifPresent(System.out::println);
        System.out.println(Advice.start(file.toAbsolutePath().normalize()));
        return 0;
    }

    /** Before anything is asked: the answers would be lost. */
    private static void checkWritable(Path file) {
        Path there = file.toAbsolutePath().getParent();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there != null && !Files.isWritable(there)) {
            throw new ConfigException(
                    "config",
                    file.toString(),
                    "cannot be written by this user; run it as root, or name another file with --config");
        }
    }

    private static String fallbackFile() {
        return System.getenv().getOrDefault(ConfigFile.VARIABLE, DEFAULT_FILE);
    }

    private static void fromEnvironment(Map<String, String> given) {
        for (var component : EdgeSettings.class.getRecordComponents()) {
            String key = SettingFlags.keyOf(component);
            String value = System.getenv(EdgeSettings.READER.variableOf(key));
            if (value != null) {
                given.putIfAbsent(key, value);
            }
        }
    }

    /** Makes the key and tries everything; null where no NAT could be examined. */
    private static @Nullable NatKind examine(EdgeSettings settings) throws IOException, InterruptedException {
        Path directory = Path.of(settings.data());
        Welcome welcome;
        try (DataDirectory data = DataDirectory.open(settings.data())) {
            SigningKey identity = Identity.in(data.resolve(""));
            System.out.println("This edge is " + identity.keyId().text() + ".");
            welcome = join(settings, identity);
        } finally {
            ConfigWriter.handOver(directory);
        }
        System.out.println("The tracker welcomes it as an edge of " + settings.site() + ".");
        if (settings.maxPeers() == 0) {
            return null;
        }
        checkPorts(settings.udpPorts());
        return examine(welcome.ice(), settings.udpPorts());
    }

    private static @Nullable NatKind examine(List<IceServer> ice, @Nullable UdpPortRange ports) throws IOException {
        Optional<InetSocketAddress> server = stun(ice);
        if (server.isEmpty()) {
            System.out.println("The tracker answers no STUN, so it is not known what your network lets through.");
            return null;
        }
        DatagramSocket one = new DatagramSocket(ports == null ? 0 : ports.first());
        DatagramSocket another = new DatagramSocket(ports == null || ports.first() == ports.last() ? 0 : ports.last());
        try (StunProbe probe = new StunProbe(one, another, new SecureRandom(), STUN_PATIENCE)) {
            NatKind.Seen seen = probe.ask(server.get());
            NatKind nat = NatKind.of(seen, ownAddresses());
            String at = seen.mapped() == null
                    ? ""
                    : " (seen at " + seen.mapped().getAddress().getHostAddress() + ")";
            System.out.println("Network" + at + ": " + nat.meaning() + ".");
            return nat;
        }
    }

    private static Optional<InetSocketAddress> stun(List<IceServer> ice) {
        return ice.stream()
                .flatMap(server -> server.urls().stream())
                .filter(url -> url.startsWith("stun:"))
                .findFirst()
                .map(url -> url.substring("stun:".length()))
                .map(address -> ListenAddress.parse(address.matches(".*:[0-9]+$") ? address : address + ":3478"))
                .map(address -> new InetSocketAddress(address.host(), address.port()))
                .filter(address -> !address.isUnresolved());
    }

    private static Welcome join(EdgeSettings settings, SigningKey identity) throws InterruptedException {
        CompletableFuture<Welcome> welcomed = new CompletableFuture<>();
        try (WebSocketLink link = new WebSocketLink(
                settings.tracker(),
                settings.timeout(),
                new SecureRandom(),
                (code, reason) -> welcomed.completeExceptionally(refused(settings, code, reason)))) {
            link.listen(message -> welcome(message, welcomed));
            Greeting greeting = new Greeting(settings.siteId(), Version.agent(), settings.token(), identity, null);
            var unused = link.start(greeting);
            return welcomed.get(TRACKER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ConfigException(
                    "tracker",
                    settings.tracker().toString(),
                    "cannot be reached over " + settings.tracker().webSocket().getScheme()
                            + "; check the address, and that TCP is let out");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ConfigException refusal ? refusal : new IllegalStateException(e.getCause());
        }
    }

    private static void welcome(TrackerMessage message, CompletableFuture<Welcome> welcomed) {
        if (message instanceof Welcome welcome) {
            welcomed.complete(welcome);
        }
    }

    private static ConfigException refused(EdgeSettings settings, TrackerCloseCode code, String reason) {
        return Edge.refusal(settings, code, reason);
    }

    /** Tries every port of the range, so that one that is taken is found now. */
    private static void checkPorts(@Nullable UdpPortRange range) throws IOException {
        if (range == null) {
            return;
        }
        for (int port = range.first(); port <= range.last(); port++) {
            try (DatagramSocket tried = new DatagramSocket(port)) {
                tried.disconnect();
            } catch (BindException e) {
                throw new ConfigException(
                        "udp-ports", range.toString(), "UDP port " + port + " is taken; choose another range");
            }
        }
    }

    private static Set<InetAddress> ownAddresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .collect(Collectors.toSet());
    }
}
