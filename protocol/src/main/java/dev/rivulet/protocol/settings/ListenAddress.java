package dev.rivulet.protocol.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens, written {@code HOST:PORT}, an IPv6 host in brackets.
 *
 * @param host a name or address, without brackets
 * @param port 0 to {@value #MAX_PORT}; 0 lets the system choose
 */
public record ListenAddress(String host, int port) {
    /** The greatest TCP port. */
    public static final int MAX_PORT = 65535;

    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s:\\[\\]/]+)):([0-9]{1,5})");
    static final String REMEDY = "write HOST:PORT, such as 127.0.0.1:7070 or [::1]:0, the port at most 65535";

    public ListenAddress {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(REMEDY);
        }
    }

    /** Reads the written form; throws {@link IllegalArgumentException} with the remedy when it is another. */
    @JsonCreator
    public static ListenAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(REMEDY);
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return new ListenAddress(host, Integer.parseInt(matcher.group(3)));
    }

    /** The same address with the port that the system chose. */
    public ListenAddress withPort(int chosen) {
        return new ListenAddress(host, chosen);
    }

    @JsonValue
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
