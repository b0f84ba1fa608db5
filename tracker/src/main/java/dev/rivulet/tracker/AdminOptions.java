package dev.rivulet.tracker;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.enrolment.OperatorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which tracker to ask, and as whom. */
final class AdminOptions {
    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A tracker elsewhere; unless given the one that runs here on --data.")
    private @Nullable String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds an API token for --url; unless given it is in " + AdminClient.TOKEN_VARIABLE + ".")
    private @Nullable Path tokenFile;

    /** The tracker that the options name. */
    AdminClient client() throws IOException {
        if (url != null) {
            return new AdminClient(url, token());
        }
        Path data = config.read().dataDirectory();
        return OperatorFile.running(data)
                .map(AdminClient::of)
                .orElseThrow(() -> new ConfigException(
                        "data",
                        data.toString(),
                        "no tracker runs on it that this user may order about; start it, or name another with --url"));
    }

    private String token() throws IOException {
        if (tokenFile != null) {
            return Files.readString(tokenFile).strip();
        }
        return AdminClient.tokenFromEnvironment()
                .orElseThrow(() -> new ConfigException(
                        "token-file", null, "name a file with an API token, or set " + AdminClient.TOKEN_VARIABLE));
    }
}
