package dev.rivulet.protocol.id;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import java.nio.charset.StandardCharsets;

/**
 * A canonical http or https URL without fragment and credentials (docs/protocol.md, section 2.1): exactly the text that
 * {@code new URL(input).href} gives in a browser.
 */
public final class ResourceUrl implements Comparable<ResourceUrl> {
    private final String text;
    private final int hostStart;
    private final int pathStart;

    private ResourceUrl(String text, int hostStart, int pathStart) {
        this.text = text;
        this.hostStart = hostStart;
        this.pathStart = pathStart;
    }

    /** Accepts only text that is already canonical. */
    public static ResourceUrl parse(String text) throws DecodeException {
        if (text.length() > Limits.MAX_URL_CHARS) {
            throw refused("longer than " + Limits.MAX_URL_CHARS + " characters");
        }
        int hostStart = UrlText.hostStart(text);
        int pathStart = text.indexOf('/', hostStart);
        if (pathStart < 0) {
            throw refused("no path");
        }
        UrlText.checkAuthority(text.substring(0, hostStart), text.substring(hostStart, pathStart));
        UrlText.checkPathAndQuery(text.substring(pathStart));
        return new ResourceUrl(text, hostStart, pathStart);
    }

    /**
     * The URL at which a browser asks for a file below {@code base}.
     *
     * @param base a base URL; a missing slash at the end of its path is supplied
     * @param relativePath names separated by {@code /}, not encoded, none of them empty, {@code .} or {@code ..}
     */
    public static ResourceUrl ofPath(ResourceUrl base, String relativePath) throws DecodeException {
        if (base.hasQuery()) {
            throw refused("a base with a query");
        }
        StringBuilder url = new StringBuilder(base.text);
        String separator = base.text.endsWith("/") ? "" : "/";
        for (String name : relativePath.split("/", -1)) {
            if (name.isEmpty()) {
                throw refused("an empty name in the path");
            }
            url.append(separator).append(UrlText.encodeName(name));
            separator = "/";
        }
        return parse(url.toString());
    }

    static DecodeException refused(String reason) {
        return new DecodeException("url", reason);
    }

    /** The URL itself. */
    public String text() {
        return text;
    }

    /** The key of its entry. */
    public UrlHash hash() {
        return new UrlHash(Sha256.of(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Scheme, host and port, such as {@code https://example.com:8443}. */
    public String origin() {
        return text.substring(0, pathStart);
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return text.substring(0, text.indexOf(':'));
    }

    /** The host without the port; an IPv6 literal with its brackets. */
    public String host() {
        String authority = text.substring(hostStart, pathStart);
        int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /** Whether a port is named, which is another than the scheme's own then. */
    public boolean namesPort() {
        return pathStart > hostStart + host().length();
    }

    /** The port, be it named or the scheme's own. */
    public int port() {
        if (namesPort()) {
            return Integer.parseInt(text.substring(hostStart + host().length() + 1, pathStart));
        }
        return scheme().equals("https") ? 443 : 80;
    }

    /** From the first slash of the path. */
    public String pathAndQuery() {
        return text.substring(pathStart);
    }

    /** The path alone. */
    public String path() {
        int query = text.indexOf('?', pathStart);
        return query < 0 ? text.substring(pathStart) : text.substring(pathStart, query);
    }

    /** Whether there is a query, an empty one included. */
    public boolean hasQuery() {
        return text.indexOf('?', pathStart) >= 0;
    }

    /** Whether relative paths may be appended: no query, and a path that ends in a slash. */
    public boolean isBase() {
        return text.endsWith("/") && !hasQuery();
    }

    /** Reads a URL to which relative paths may be appended. */
    public static ResourceUrl parseBase(String text) throws DecodeException {
        ResourceUrl url = parse(text);
        if (!url.isBase()) {
            throw refused("a base URL ends in a slash and has no query");
        }
        return url;
    }

    @Override
    public int compareTo(ResourceUrl other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceUrl url && url.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
