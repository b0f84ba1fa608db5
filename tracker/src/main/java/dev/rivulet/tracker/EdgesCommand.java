package dev.rivulet.tracker;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.database.EdgeTables;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.enrolment.EdgeList;
import dev.rivulet.tracker.enrolment.EnrolmentEndpoints;
import dev.rivulet.tracker.enrolment.Revocation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does about edges, be the tracker running or not. */
@Command(
        name = "edges",
        description = {
            "List the edges that the tracker has met, or revoke one.",
            "On the tracker's machine, as the user that it runs as; it may run or not."
        },
        mixinStandardHelpOptions = true,
        versionProvider = TrackerMain.Version.class)
final class EdgesCommand implements Runnable {
    @Override
    public void run() {
        throw new ConfigException(
                "edges", null, "say what to do: edges list, or edges revoke FINGERPRINT --reason TEXT");
    }

    @Command(name = "list", description = "Print site, fingerprint, first sight and revocation of every edge.")
    int list(@Mixin ConfigOptions options) throws IOException, InterruptedException {
        Path data = options.read().dataDirectory();
        Optional<String> answer = RunningTracker.order(data, "GET", EnrolmentEndpoints.LIST, "");
        System.out.print(answer.isPresent() ? answer.get() : listed(data));
        return 0;
    }

    @Command(
            name = "revoke",
            description = {
                "Refuse an edge from now on, on all sites: its connections end at once.",
                "Take its token back as well (remove it from the configuration and restart): with that it could"
                        + " come with another key."
            })
    int revoke(
            @Parameters(paramLabel = "FINGERPRINT", description = "43 characters, as in edges list.") String text,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "For the audit log.")
                    String reason,
            @Mixin ConfigOptions options)
            throws IOException, InterruptedException {
        KeyId fingerprint = fingerprint(text);
        Revocation why = revocation(reason);
        Path data = options.read().dataDirectory();
        String path = EnrolmentEndpoints.REVOKE.replace("{fingerprint}", fingerprint.text());
        String body = Json.write(Json.object().put("reason", why.reason()));
        if (RunningTracker.order(data, "POST", path, body).isEmpty()) {
            try (TrackerDatabase database = open(data)) {
                new EdgeTables(database).revoke(fingerprint, Instant.now().getEpochSecond());
            }
        }
        System.out.println("revoked " + fingerprint.text() + ", reason: " + why.reason());
        return 0;
    }

    private static String listed(Path data) throws IOException {
        try (TrackerDatabase database = open(data)) {
            EdgeTables tables = new EdgeTables(database);
            return EdgeList.of(tables.enrolled(), tables.revoked()).text();
        }
    }

    private static TrackerDatabase open(Path data) {
        if (!TrackerDatabase.isIn(data)) {
            throw new ConfigException("data", data.toString(), "holds no tracker's database; name its directory");
        }
        return TrackerDatabase.open(data);
    }

    private static Revocation revocation(String reason) {
        try {
            return new Revocation(reason);
        } catch (InvalidValueException e) {
            throw new ConfigException(e.field(), null, e.reason());
        }
    }

    private static KeyId fingerprint(String text) {
        try {
            return KeyId.parse(text);
        } catch (DecodeException e) {
            throw new ConfigException("fingerprint", text, e.reason() + "; copy it from edges list");
        }
    }
}
