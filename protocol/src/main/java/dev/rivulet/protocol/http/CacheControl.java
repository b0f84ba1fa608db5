package dev.rivulet.protocol.http;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@code Cache-Control} header (RFC 9111 §5.2), read exactly: quoted strings included, and errors noticed. */
final class CacheControl {
    /** Seconds that stand for "longer than can be said" (RFC 9111 §1.2.2). */
    static final long FOREVER_SECONDS = 2147483648L;

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
    private static final Pattern ELEMENT = Pattern.compile(
            "[ \t]*(?:(?<name>" + TOKEN + ")(?:=(?<value>" + TOKEN + "|" + QUOTED + "))?)?[ \t]*(?<end>,|$)");
    private static final int MAX_SECONDS_DIGITS = 10;

    private final Map<String, String> directives;
    private final boolean contradictory;

    private CacheControl(Map<String, String> directives, boolean contradictory) {
        this.directives = directives;
        this.contradictory = contradictory;
    }

    /** Null when the header is not a list of directives. */
    static @Nullable CacheControl parse(@Nullable String header) {
        Map<String, String> directives = new TreeMap<>();
        boolean contradictory = false;
        String text = header == null ? "" : header;
        Matcher matcher = ELEMENT.matcher(text);
        int position = 0;
        do {
            if (!matcher.find(position) || matcher.start() != position) {
                return null;
            }
            if (matcher.group("name") != null) {
                String value = unquoted(matcher.group("value"));
                String former = directives.put(matcher.group("name").toLowerCase(Locale.ROOT), value);
                contradictory |= former != null && !former.equals(value);
            }
            position = matcher.end();
        } while (!matcher.group("end").isEmpty());
        return new CacheControl(directives, contradictory);
    }

    private static String unquoted(@Nullable String value) {
        if (value == null) {
            return "";
        }
        return value.startsWith("\"") ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    }

    /** Whether the directive is there, with or without a value. */
    boolean has(String name) {
        return directives.containsKey(name);
    }

    /** The seconds of a directive; 0 when they are no number, since such a response is stale (RFC 9111 §4.2.1). */
    OptionalLong seconds(String name) {
        String value = directives.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (contradictory || !value.matches("[0-9]+")) {
            return OptionalLong.of(0);
        }
        return OptionalLong.of(
                value.length() > MAX_SECONDS_DIGITS
                        ? FOREVER_SECONDS
                        : Math.min(Long.parseLong(value), FOREVER_SECONDS));
    }
}
