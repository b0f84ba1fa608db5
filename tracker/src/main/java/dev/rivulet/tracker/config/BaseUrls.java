package dev.rivulet.tracker.config;

import dev.rivulet.protocol.settings.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;

/** Checks base URLs: http or https, with a host, without query and fragment. */
final class BaseUrls {
    private static final String REMEDY = "write a base URL, such as https://tracker.example/rivulet";

    private BaseUrls() {}

    /** The URL without its trailing slash. */
    static String check(String key, String url) {
        try {
            URI uri = new URI(url);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw new ConfigException(key, url, REMEDY);
            }
        } catch (URISyntaxException e) {
            throw new ConfigException(key, url, REMEDY);
        }
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
