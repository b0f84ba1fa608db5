package dev.rivulet.tracker.publishing.command;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.process.Termination;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code publish}: hashes a site's files where they lie and puts them into its catalog. */
@Command(
        name = "publish",
        description = {
            "Put a directory's files into a site's catalog, hashed where they lie: nothing is fetched from the origin.",
            "Hidden files are passed over. Publishing again changes what changed. Exit code 1: the tracker refused."
        },
        mixinStandardHelpOptions = true)
public final class PublishCommand implements Callable<Integer> {
    private static final int REFUSED = 1;
    private static final String NO_CORS = "none";

    @Option(names = "--tracker", paramLabel = "URL", required = true, description = "The tracker's base URL.")
    private String tracker = "";

    @Option(
            names = "--token",
            paramLabel = "T",
            required = true,
            defaultValue = "${env:RIVULET_TRACKER_TOKEN}",
            description = "A token of role publish; or else RIVULET_TRACKER_TOKEN in the environment.")
    private String token = "";

    @Option(names = "--site", paramLabel = "ID", required = true, description = "The site's id.")
    private String site = "";

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            required = true,
            description = "Where the origin serves the directory.")
    private String baseUrl = "";

    @Option(
            names = "--max-age",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "For how long files serve without asking the origin; default ${DEFAULT-VALUE}.")
    private long maxAgeSeconds;

    @Option(
            names = "--cors",
            paramLabel = "ORIGIN",
            defaultValue = "*",
            description = "Access-Control-Allow-Origin of the files: an origin, `*` (default), or `none`.")
    private String cors = "";

    @Option(
            names = "--etag",
            paramLabel = "STYLE",
            defaultValue = "none",
            description = "How the origin makes ETags: `nginx`, or `none` (default): not known.")
    private EtagStyle etag = EtagStyle.NONE;

    @Option(names = "--no-ranges", description = "The origin does not serve byte ranges.")
    private boolean noRanges;

    @Option(
            names = "--follow",
            description = {
                "Go on until told to end (SIGTERM): publish what a packager of live streams adds,",
                "withdraw what it deletes, and leave playlists to the origin. Prints `ready` once in step."
            })
    private boolean follow;

    @Parameters(index = "0", paramLabel = "DIR", description = "The directory.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws Exception {
        String trackerBase = trackerBase();
        SiteId siteId = siteId();
        String checked = checkedToken();
        ResourceUrl base = base();
        if (!Files.isDirectory(directory)) {
            throw new ConfigException("DIR", directory.toString(), "name a directory that can be read");
        }
        Statement statement = new Statement(maxAge(), NO_CORS.equals(cors) ? null : checkedCors(), etag, !noRanges);
        try {
            if (follow) {
                return follow(PublishClient.impatient(trackerBase, siteId, checked), base, statement);
            }
            PublishClient client = PublishClient.patient(trackerBase, siteId, checked);
            Addresses addresses = addresses(client, base);
            System.out.println(new Publishing(client, addresses, statement).publish(directory, System.err));
            return 0;
        } catch (IOException e) {
            System.err.println("publish: " + e.getMessage());
            return REFUSED;
        }
    }

    /** Returns when it is told to end, or throws what makes it end. */
    private int follow(PublishClient client, ResourceUrl base, Statement statement)
            throws IOException, InterruptedException {
        PrintStream log = System.err;
        Following following = new Following(directory, log);
        Termination termination = Termination.closesFirst(following);
        try {
            following.run(
                    () -> new DirectoryMirror(
                            directory,
                            addresses(client, base),
                            statement,
                            body -> following.persist(() -> client.publish(body)),
                            log),
                    () -> System.out.println("ready"));
            return 0;
        } catch (IOException | RuntimeException e) {
            termination.status(REFUSED);
            throw e;
        }
    }

    /** Where the files are served; says whether base and token are right before anything is hashed. */
    private Addresses addresses(PublishClient client, ResourceUrl base) throws IOException, InterruptedException {
        SitePolicy policy = client.policy();
        if (!policy.admitsContentOrigin(base.origin())) {
            throw new RemoteException(base.origin() + " is not one of the content-origins of the site " + site
                    + "; correct --base-url or configure it");
        }
        client.publish(new PublishBody(List.of(), List.of()));
        return new Addresses(base, policy);
    }

    private String trackerBase() {
        try {
            String text = tracker.endsWith("/") ? tracker : tracker + "/";
            return ResourceUrl.parseBase(text).text();
        } catch (DecodeException e) {
            throw new ConfigException("tracker", tracker, e.reason() + "; write a URL such as http://127.0.0.1:7070");
        }
    }

    private SiteId siteId() {
        try {
            return SiteId.parse(site);
        } catch (DecodeException e) {
            throw new ConfigException("site", site, e.reason() + "; write the site's id as configured");
        }
    }

    private String checkedToken() {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new ConfigException("token", null, "write a token of role publish, as configured under tokens");
        }
        return token;
    }

    private ResourceUrl base() {
        try {
            return ResourceUrl.parseBase(baseUrl.endsWith("/") ? baseUrl : baseUrl + "/");
        } catch (DecodeException e) {
            throw new ConfigException(
                    "base-url", baseUrl, e.reason() + "; write a URL as browsers do, such as https://www.example.org/");
        }
    }

    private long maxAge() {
        if (maxAgeSeconds < 0 || maxAgeSeconds > Limits.MAX_INTEGER) {
            throw new ConfigException("max-age", Long.toString(maxAgeSeconds), "write a number of seconds, 0 or more");
        }
        return maxAgeSeconds;
    }

    private @Nullable String checkedCors() {
        try {
            if (cors.equals("*") || ResourceUrl.parse(cors + "/").origin().equals(cors)) {
                return cors;
            }
        } catch (DecodeException e) {
            // Falls through to the same advice.
        }
        throw new ConfigException("cors", cors, "write *, none, or an origin such as https://www.example.org");
    }
}
