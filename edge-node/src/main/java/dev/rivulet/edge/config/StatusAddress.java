package dev.rivulet.edge.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.rivulet.protocol.settings.ListenAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an edge says how it is: an address that only this machine reaches, or nowhere.
 *
 * @param listen empty for nowhere
 */
public record StatusAddress(Optional<ListenAddress> listen) {
    private static final String NONE = "none";
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1");

    /** Unless another is given. */
    public static final StatusAddress DEFAULT = parse("127.0.0.1:7081");

    /** Reads the written form; throws {@link IllegalArgumentException} with the remedy when it is another. */
    @JsonCreator
    public static StatusAddress parse(String text) {
        String written = text.strip();
        if (written.equals(NONE)) {
            return new StatusAddress(Optional.empty());
        }
        ListenAddress address = ListenAddress.parse(written);
        if (!LOOPBACK.matcher(address.host()).matches()) {
            throw new IllegalArgumentException(
                    "write an address of this machine alone, such as 127.0.0.1:7081, or none");
        }
        return new StatusAddress(Optional.of(address));
    }

    @JsonValue
    @Override
    public String toString() {
        return listen.map(ListenAddress::toString).orElse(NONE);
    }
}
