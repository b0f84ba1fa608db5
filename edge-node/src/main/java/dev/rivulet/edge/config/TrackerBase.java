package dev.rivulet.edge.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.rivulet.protocol.http.AddressPolicy;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * The base URL of a tracker: {@code http} or {@code https}, a host, maybe a path prefix; no query, no credentials.
 *
 * @param url without a trailing slash
 */
public record TrackerBase(URI url) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9A-Fa-f:.]+]");
    private static final String REMEDY = "write the tracker's base URL, such as https://tracker.example.org";

    /** Reads the written form; throws {@link IllegalArgumentException} with the remedy when it is another. */
    @JsonCreator
    public static TrackerBase parse(String text) {
        URI url;
        try {
            url = new URI(text.strip().replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(REMEDY, e);
        }
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!web
                || url.getHost() == null
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(REMEDY);
        }
        return new TrackerBase(url);
    }

    /** Where the tracker's WebSocket is. */
    public URI webSocket() {
        return URI.create(url.toString().replaceFirst("^http", "ws") + "/");
    }

    /**
     * A resource of the tracker.
     *
     * @param path begins with a slash
     */
    public URI at(String path) {
        return URI.create(url + path);
    }

    /** Whether the host is written as an address, and that is not a public one. */
    public boolean namesPrivateAddress() {
        String host = url.getHost();
        if (!ADDRESS.matcher(host).matches()) {
            return host.equals("localhost");
        }
        try {
            return !AddressPolicy.isPublic(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return url.toString();
    }
}
