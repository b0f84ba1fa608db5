package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminIT {
    private static final String FINGERPRINT = "A".repeat(43);

    @TempDir
    static Path data;

    @TempDir
    Path folder;

    private static TestTracker tracker;

    /** What a command said; the tracker, in the same process, logs to stderr, too. */
    private record Done(int code, String out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        tracker = TestTracker.start(data, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        tracker.close();
    }

    @Test
    void operatorsAndTokensAreManagedWithoutAPassword() throws Exception {
        Done added = admin("operators", "add", "ada", "viewer");
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(added.out()).contains("/dashboard#setup=");
        assertThat(admin("operators", "role", "ada", "operator").out()).contains("\"role\" : \"operator\"");
        assertThat(admin("operators", "list").out()).contains("\"ada\"", "\"operator\"");
        assertThat(admin("operators", "link", "ada").out()).contains("/dashboard#setup=");
        assertThat(admin("operators", "remove", "ada").code()).isZero();
        assertThat(admin("setup-link").out()).contains("/dashboard#setup=");

        Done again = admin("operators", "remove", "ada");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("rivulet-tracker admin: 404 not-found: There is no operator ada.\n");
        assertThat(admin("audit", "--limit", "1").out()).contains("\"local\"", "DELETE /operators/{name}", "404");
    }

    @Test
    void aTrackerElsewhereIsReachedWithAToken() throws Exception {
        String made = admin("tokens", "add", "ci", "viewer", "--days", "1").out();
        Path token = Files.writeString(
                folder.resolve("token"), made.replaceFirst("(?s).*\"secret\" : \"([^\"]+)\".*", "$1") + "\n");
        String[] elsewhere = {"--url", "http://" + tracker.address() + "/", "--token-file", token.toString()};

        Done session = run(with(List.of("admin", "get", "session"), elsewhere));
        Done refused = run(with(List.of("admin", "tokens", "list"), elsewhere));

        assertThat(session.out()).contains("token:ci");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("403 role");
    }

    @Test
    void requestsAreSentAsTheyAreGiven() throws Exception {
        Path body = Files.writeString(folder.resolve("body.json"), "{\"name\":\"bob\",\"role\":\"viewer\"}");
        assertThat(admin("post", "/operators", "@" + body).code()).isZero();
        assertThat(admin("patch", "/api/v1/operators/bob", "{\"role\":\"owner\"}")
                        .code())
                .isZero();
        assertThat(admin("patch", "operators/bob", "{\"role\":\"owner\"}", "--if-match", "\"old\"")
                        .err())
                .contains("412");
        assertThat(admin("post", "operators", "{\"nam\":\"bob\"}").err())
                .contains("422 invalid", "nam: ", "role: is missing");
        assertThat(admin("delete", "operators/bob").code()).isZero();
    }

    @Test
    void aQueryIsOfTheChangeAndNotOfWhatIsReadBefore() throws Exception {
        String site = "{\"webOrigins\":[\"https://page.example\"],\"contentOrigins\":[\"https://nowhere.invalid\"]}";
        Done added = admin("post", "/sites?untried=true", site.replaceFirst("\\{", "{\"id\":\"late\","));
        assertThat(added.code()).as(added.err()).isZero();

        Done changed = admin("put", "/sites/late?untried=true", site.replace("page.", "other."));

        assertThat(changed.code()).as(changed.err()).isZero();
        assertThat(admin("get", "/sites/late").out()).contains("https://other.example");
        assertThat(admin("delete", "/sites/late").code()).isZero();
    }

    @Test
    void whatNeedsNoBodyIsAskedForWithoutOne() throws Exception {
        Done drained = admin("post", "/drain");
        assertThat(drained.code()).as(drained.err()).isZero();
        assertThat(admin("delete", "/drain").code()).isZero();

        Done rotated = admin("post", "/sites/demo/keys/rotate");
        assertThat(rotated.code()).as(rotated.err()).isZero();
        assertThat(admin("post", "/operators").err()).contains("422 invalid", "name: is missing");
    }

    @Test
    void edgesAreRevokedAndContentIsTakenDownWhileItRuns() throws Exception {
        assertThat(command("edges", "revoke", FINGERPRINT, "--reason", "lost key")
                        .out())
                .isEqualTo("revoked " + FINGERPRINT + ", reason: lost key\n");
        assertThat(command("edges", "list").out()).contains(FINGERPRINT, "revoked");
        String url = "http://content.example/a";
        String[] why = {"--site", "demo", "--reason", "infringes", "--reference", "case 7"};
        assertThat(command(with(List.of("block", url), why)).out())
                .matches("demo: blocked " + url + ", reason: infringes, reference: case 7; told in head 1\\.\\d+\n");
        assertThat(command("blocked", "--site", "demo").out())
                .matches("\\S+Z  " + url + "  1 hashes, reason: infringes, reference: case 7\n");
        assertThat(command(with(List.of("unblock", url), why)).out()).contains("unblocked " + url);
        assertThat(command("blocked", "--site", "demo").out()).isEmpty();
        assertThat(command(with(List.of("unblock", url), why)).err()).contains("not-found: Nothing is blocked");
        assertThat(admin("audit").out())
                .contains("POST /sites/{site}/blocks", "DELETE /sites/{site}/blocks/{id}", "reference: case 7");
        assertThat(admin("audit").out()).contains("/edges/" + FINGERPRINT + "/revoke", "reason: lost key");
    }

    @Test
    void whatTheRunningTrackerRefusesIsNotDoneBehindItsBack() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("data"));
        Files.writeString(elsewhere.resolve("operator"), "http://" + tracker.address() + "\nno secret of its\n");

        Done revoked =
                run(List.of("edges", "revoke", FINGERPRINT, "--reason", "lost key", "--data", elsewhere.toString()));
        Done listed = run(List.of("edges", "list", "--data", elsewhere.toString()));

        assertThat(revoked.code()).isEqualTo(2);
        assertThat(revoked.err()).contains("the tracker: refuses: 401 unauthenticated");
        assertThat(listed.err()).contains("the tracker: refuses: 401 unauthenticated");
    }

    @Test
    void anEdgeIsNotRevokedWithoutAReason() throws Exception {
        assertThat(command("edges", "revoke", FINGERPRINT).err()).contains("--reason");
        assertThat(command("edges", "revoke", FINGERPRINT, "--reason", "").err())
                .contains("reason: 0 characters");
    }

    @Test
    void withoutATrackerItSaysSo() throws Exception {
        Done none = run(List.of("admin", "get", "/session", "--data", folder.toString()));

        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("data", folder.toString(), "--url");
    }

    private static Done admin(String... arguments) throws Exception {
        return run(with(with(List.of("admin"), arguments), "--data", data.toString()));
    }

    private static Done command(String... arguments) throws Exception {
        return command(List.of(arguments));
    }

    private static Done command(List<String> arguments) throws Exception {
        return run(with(arguments, "--data", data.toString()));
    }

    private static List<String> with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all;
    }

    private static Done run(List<String> arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        try {
            int code = TrackerMain.commandLine().execute(arguments.toArray(String[]::new));
            return new Done(code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
