package dev.rivulet.tracker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The tracker's API on the command line. */
@Command(
        name = "admin",
        description = {
            "Ask and steer a running tracker over its API: what the dashboard does, for terminals and scripts.",
            "On the tracker's machine, as the user that it runs as, no password is needed; elsewhere an API token.",
            "GET /openapi.json says what there is."
        },
        mixinStandardHelpOptions = true,
        versionProvider = TrackerMain.Version.class,
        subcommands = {
            AdminCommand.Get.class,
            AdminCommand.Post.class,
            AdminCommand.Put.class,
            AdminCommand.Patch.class,
            AdminCommand.Delete.class,
            AdminCommand.Operators.class,
            AdminCommand.Tokens.class
        })
final class AdminCommand implements Runnable {
    @Override
    public void run() {
        throw new ConfigException("admin", null, "say what to do: admin get /session, or see admin --help");
    }

    @Command(name = "audit", description = "What was changed and by whom, the newest first.")
    int audit(
            @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "Most of it; 1 to 1000.")
                    int limit,
            @Mixin AdminOptions options)
            throws IOException, InterruptedException {
        return options.client().run("GET", "/audit?limit=" + limit, null, null);
    }

    @Command(
            name = "setup-link",
            description = "A new link to make the first operator, as the tracker's start prints one.")
    int setupLink(@Mixin AdminOptions options) throws IOException, InterruptedException {
        return options.client().run("POST", "/setup/link", null, null);
    }

    /** One request. */
    private abstract static class Request implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "PATH", description = "Below /api/v1, such as /sites.")
        private String path = "";

        @Mixin
        private AdminOptions options = new AdminOptions();

        int send(@Nullable String json, @Nullable String ifMatch) throws IOException, InterruptedException {
            String method = getClass().getSimpleName().toUpperCase(Locale.ROOT);
            return options.client().run(method, path, json, ifMatch);
        }
    }

    /** One that may have a body. */
    private abstract static class WithBody extends Request {
        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "JSON",
                description =
                        "The body; @FILE reads it from a file, - from stdin. Unless given, delete sends none, others {}.")
        private @Nullable String json;

        @Option(
                names = "--if-match",
                paramLabel = "ETAG",
                description = "Only if what is there is this; put and patch take what is there now unless given.")
        private @Nullable String ifMatch;

        @Override
        public Integer call() throws IOException, InterruptedException {
            return send(json == null ? null : text(json), ifMatch);
        }

        private static String text(String given) throws IOException {
            if (given.equals("-")) {
                return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
            }
            return given.startsWith("@") ? Files.readString(Path.of(given.substring(1))) : given;
        }
    }

    @Command(name = "get", description = "Read something.", mixinStandardHelpOptions = true)
    static final class Get extends Request {
        @Override
        public Integer call() throws IOException, InterruptedException {
            return send(null, null);
        }
    }

    @Command(name = "post", description = "Make or do something.", mixinStandardHelpOptions = true)
    static final class Post extends WithBody {}

    @Command(name = "put", description = "Replace something.", mixinStandardHelpOptions = true)
    static final class Put extends WithBody {}

    @Command(name = "patch", description = "Change a part of something.", mixinStandardHelpOptions = true)
    static final class Patch extends WithBody {}

    @Command(name = "delete", description = "Remove something.", mixinStandardHelpOptions = true)
    static final class Delete extends WithBody {}

    /** Who may sign in to the dashboard. */
    @Command(name = "operators", description = "Who may sign in.", mixinStandardHelpOptions = true)
    static final class Operators implements Runnable {
        @Override
        public void run() {
            throw new ConfigException("operators", null, "say what to do: list, add, role, link or remove");
        }

        @Command(name = "list", description = "Print all of them.")
        int list(@Mixin AdminOptions options) throws IOException, InterruptedException {
            return options.client().run("GET", "/operators?limit=1000", null, null);
        }

        @Command(name = "add", description = "Add one, and print the link to set the password.")
        int add(
                @Parameters(paramLabel = "NAME", description = "To sign in with.") String name,
                @Parameters(paramLabel = "ROLE", description = "viewer, operator or owner.") String role,
                @Mixin AdminOptions options)
                throws IOException, InterruptedException {
            ObjectNode body = Json.object().put("name", name).put("role", role);
            return options.client().run("POST", "/operators", Json.write(body), null);
        }

        @Command(name = "role", description = "Give one another role.")
        int role(
                @Parameters(paramLabel = "NAME", description = "Who.") String name,
                @Parameters(paramLabel = "ROLE", description = "viewer, operator or owner.") String role,
                @Mixin AdminOptions options)
                throws IOException, InterruptedException {
            return options.client()
                    .run("PATCH", "/operators/" + name, Json.write(Json.object().put("role", role)), null);
        }

        @Command(
                name = "link",
                description = "Print a link to set another password, for who has lost theirs, or the second factor.")
        int link(@Parameters(paramLabel = "NAME", description = "Who.") String name, @Mixin AdminOptions options)
                throws IOException, InterruptedException {
            return options.client().run("POST", "/operators/" + name + "/link", null, null);
        }

        @Command(name = "remove", description = "Remove one, who is signed out at once.")
        int remove(@Parameters(paramLabel = "NAME", description = "Who.") String name, @Mixin AdminOptions options)
                throws IOException, InterruptedException {
            return options.client().run("DELETE", "/operators/" + name, null, null);
        }
    }

    /** Secrets for programs. */
    @Command(name = "tokens", description = "API tokens, for programs.", mixinStandardHelpOptions = true)
    static final class Tokens implements Runnable {
        @Override
        public void run() {
            throw new ConfigException("tokens", null, "say what to do: list, add or remove");
        }

        @Command(name = "list", description = "Print all of them, without their secrets.")
        int list(@Mixin AdminOptions options) throws IOException, InterruptedException {
            return options.client().run("GET", "/api-tokens?limit=1000", null, null);
        }

        @Command(name = "add", description = "Make one, and print its secret, which cannot be printed again.")
        int add(
                @Parameters(paramLabel = "NAME", description = "What it is for.") String name,
                @Parameters(paramLabel = "SCOPE", description = "viewer, operator or owner.") String scope,
                @Option(names = "--days", paramLabel = "N", description = "Good for so long; for ever unless given.")
                        @Nullable
                        Integer days,
                @Mixin AdminOptions options)
                throws IOException, InterruptedException {
            ObjectNode body = Json.object().put("name", name).put("scope", scope);
            if (days != null) {
                body.put("expires", Instant.now().plus(Duration.ofDays(days)).getEpochSecond());
            }
            return options.client().run("POST", "/api-tokens", Json.write(body), null);
        }

        @Command(name = "remove", description = "Take one back.")
        int remove(
                @Parameters(paramLabel = "ID", description = "As in the list.") String id, @Mixin AdminOptions options)
                throws IOException, InterruptedException {
            return options.client().run("DELETE", "/api-tokens/" + id, null, null);
        }
    }
}
