package dev.rivulet.edge.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * The base URL of a tracker: {@code http} or {@code https}, a host, maybe a path prefix; no query, no credentials.
 *
 * @param url without a trailing slash
 */
public record TrackerBase(URI url) {
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

    @JsonValue
    @Override
    public String toString() {
        return url.toString();
    }
}
