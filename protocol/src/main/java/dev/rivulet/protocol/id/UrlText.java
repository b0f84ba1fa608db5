package dev.rivulet.protocol.id;

import static dev.rivulet.protocol.id.ResourceUrl.refused;

import dev.rivulet.protocol.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The WHATWG URL Standard's rules of canonical text, as far as http and https URLs need them. */
final class UrlText {
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";
    private static final int MAX_PORT = 65535;

    /** Characters that the standard's path percent-encode set has beyond controls, space and non-ASCII. */
    private static final String NEVER_IN_PATH = "\"#<>?^`{}\\";

    /** Likewise of the special-query percent-encode set. */
    private static final String NEVER_IN_QUERY = "\"#<>'";

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9_.-]+");
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final Pattern DOT_SEGMENT = Pattern.compile("(\\.|%2[eE]){1,2}");
    private static final Pattern IPV4 =
            Pattern.compile("(%1$s)(\\.(%1$s)){3}".formatted("25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]"));

    /** What makes the standard read a host as an IPv4 address: its last label is a number, decimal or hexadecimal. */
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");

    private UrlText() {}

    static int hostStart(String text) throws DecodeException {
        if (text.startsWith(HTTP)) {
            return HTTP.length();
        }
        if (text.startsWith(HTTPS)) {
            return HTTPS.length();
        }
        throw refused("neither http:// nor https://");
    }

    static void checkAuthority(String schemeAndSlashes, String authority) throws DecodeException {
        int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
        if (colon >= 0) {
            checkPort(authority.substring(colon + 1), schemeAndSlashes.equals(HTTP) ? "80" : "443");
        }
        checkHost(colon < 0 ? authority : authority.substring(0, colon));
    }

    static void checkHost(String host) throws DecodeException {
        if (host.startsWith("[") && host.endsWith("]")) {
            if (!Ipv6Text.isCanonical(host.substring(1, host.length() - 1))) {
                throw refused("not a canonical IPv6 address");
            }
        } else if (!DOMAIN.matcher(host).matches()) {
            throw refused("a host of other characters than a-z, 0-9, '-', '_' and '.'");
        } else if (ENDS_IN_NUMBER.matcher(host).matches() && !IPV4.matcher(host).matches()) {
            throw refused("not a canonical IPv4 address");
        }
    }

    static void checkPort(String port, String defaultPort) throws DecodeException {
        if (!PORT.matcher(port).matches() || Integer.parseInt(port) > MAX_PORT || port.equals(defaultPort)) {
            throw refused("a port that is not canonical");
        }
    }

    static void checkPathAndQuery(String pathAndQuery) throws DecodeException {
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        checkCharacters(path, NEVER_IN_PATH);
        for (String segment : path.split("/", -1)) {
            if (DOT_SEGMENT.matcher(segment).matches()) {
                throw refused("a dot segment");
            }
        }
        checkCharacters(pathAndQuery.substring(mark < 0 ? pathAndQuery.length() : mark + 1), NEVER_IN_QUERY);
    }

    private static void checkCharacters(String part, String never) throws DecodeException {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (!isVisibleAscii(c) || never.indexOf(c) >= 0) {
                throw refused("a character that would be percent-encoded: U+%04X".formatted((int) c));
            }
        }
    }

    /** Percent-encodes what a path segment cannot carry, and what would end or restructure it. */
    static String encodeName(String name) {
        StringBuilder encoded = new StringBuilder(name.length());
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (isVisibleAscii(c) && NEVER_IN_PATH.indexOf(c) < 0 && c != '%') {
                encoded.append(c);
            } else {
                encoded.append("%%%02X".formatted((int) c));
            }
        }
        return encoded.toString();
    }

    private static boolean isVisibleAscii(char c) {
        return c > ' ' && c < 0x7F;
    }
}
