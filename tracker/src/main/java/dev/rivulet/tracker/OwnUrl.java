package dev.rivulet.tracker;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.enrolment.OperatorFile;
import java.util.Locale;
import java.util.Optional;

/** The base URL of an address that the tracker itself listens at, as far as one can tell without being told. */
final class OwnUrl {
    /** What a URL means that names no port: RFC 9110, section 4.2. */
    private static final String HTTP_PORT = ":80";

    private static final String HTTPS_PORT = ":443";

    private OwnUrl() {}

    /** As text; it may be no canonical URL, where the host is not written as in one. */
    static String text(TrackerConfig config, ListenAddress address) {
        boolean tls = config.tls().isPresent();
        String origin = OperatorFile.localBase(address).replaceFirst("^http", tls ? "https" : "http");
        // A canonical URL does not say its scheme's own port.
        String port = tls ? HTTPS_PORT : HTTP_PORT;
        return (origin.endsWith(port) ? origin.substring(0, origin.length() - port.length()) : origin) + "/";
    }

    /** As a base URL; empty where the host is not written as in one. */
    static Optional<ResourceUrl> of(TrackerConfig config, ListenAddress address) {
        try {
            return Optional.of(ResourceUrl.parseBase(text(config, address).toLowerCase(Locale.ROOT)));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
