package dev.rivulet.edge;

import dev.rivulet.edge.config.ConfigFile;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.config.StatusAddress;
import dev.rivulet.edge.figures.StatusReport;
import dev.rivulet.edge.figures.StatusServer;
import dev.rivulet.edge.figures.StatusText;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** {@code status}: asks the edge that runs on this machine how it is. */
@Command(
        name = "status",
        description = "Shows how the edge that runs on this machine is; in a terminal, again and again.",
        footer = {"", "The edge is looked for where --status, RIVULET_EDGE_STATUS or status in the file says."},
        mixinStandardHelpOptions = true,
        versionProvider = EdgeMain.VersionProvider.class)
final class StatusCommand implements Callable<Integer> {
    /** How often a terminal is told anew. */
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int NO_ANSWER = 1;

    /** Moves to the top left, and deletes what is below (ECMA-48). */
    private static final String CLEAR = "\u001b[H\u001b[J";

    @Option(names = "--status", paramLabel = "HOST:PORT", description = "Where the edge says how it is.")
    private @Nullable String status;

    @Option(names = "--config", paramLabel = "FILE", description = "The edge's YAML file of settings.")
    private @Nullable String config;

    @Option(names = "--once", description = "Show it once, and exit.")
    private boolean once;

    @Option(names = "--json", description = "Print it once, as one line of JSON, and exit.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        URI url = url();
        HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
        boolean live = !once && !json && Ansi.AUTO.enabled();
        while (true) {
            String text;
            try {
                String report = get(client, url);
                text = json ? report + "\n" : StatusText.of(StatusServer.JSON.readValue(report, StatusReport.class));
            } catch (IOException e) {
                System.err.println(EdgeMain.NAME + ": no edge answers at " + url + " (" + reason(e)
                        + "); is it running, and with this status address?");
                return NO_ANSWER;
            }
            System.out.print(live ? CLEAR + text : text);
            System.out.flush();
            if (!live) {
                return 0;
            }
            Thread.sleep(PERIOD.toMillis());
        }
    }

    /** Of a port where nobody listens java.net.http says nothing. */
    static String reason(IOException failure) {
        if (failure.getMessage() != null) {
            return failure.getMessage();
        }
        return failure instanceof ConnectException ? "connection refused" : failure.toString();
    }

    private URI url() {
        var sources = ConfigFile.sources(config, System.getenv(), status == null ? Map.of() : Map.of("status", status));
        StatusAddress address = EdgeSettings.statusOf(sources).orElse(StatusAddress.DEFAULT);
        return address.listen()
                .map(at -> URI.create("http://" + at + "/status.json"))
                .orElseThrow(() -> new ConfigException("status", "none", "is where nothing answers; name an address"));
    }

    private static String get(HttpClient client, URI url) throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(url).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body();
    }
}
