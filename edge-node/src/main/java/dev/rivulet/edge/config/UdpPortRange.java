package dev.rivulet.edge.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.rivulet.protocol.settings.ListenAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of UDP ports, written {@code FIRST-LAST}.
 *
 * @param first 1 to {@code last}
 * @param last at most {@value ListenAddress#MAX_PORT}
 */
public record UdpPortRange(int first, int last) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})");
    private static final String REMEDY = "write FIRST-LAST, such as 50000-50999, within 1 to 65535";

    public UdpPortRange {
        if (first < 1 || last < first || last > ListenAddress.MAX_PORT) {
            throw new IllegalArgumentException(REMEDY);
        }
    }

    /** Reads the written form; throws {@link IllegalArgumentException} with the remedy when it is another. */
    @JsonCreator
    public static UdpPortRange parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(REMEDY);
        }
        return new UdpPortRange(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** How many ports it has. */
    public int count() {
        return last - first + 1;
    }

    @JsonValue
    @Override
    public String toString() {
        return first + "-" + last;
    }
}
