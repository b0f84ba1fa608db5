package dev.rivulet.tracker.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.rivulet.protocol.settings.ListenAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where to answer STUN, written {@code HOST:PORT}, or {@code none}.
 *
 * @param address null for nowhere
 */
public record StunConfig(@Nullable ListenAddress address) {
    private static final String NONE = "none";

    /** Reads the written form; throws {@link IllegalArgumentException} with the remedy when it is another. */
    @JsonCreator
    public static StunConfig parse(String text) {
        try {
            return new StunConfig(text.equals(NONE) ? null : ListenAddress.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("write none, or HOST:PORT such as 0.0.0.0:3478", e);
        }
    }

    /** Where, if at all. */
    Optional<ListenAddress> listen() {
        return Optional.ofNullable(address);
    }

    @JsonValue
    @Override
    public String toString() {
        return address == null ? NONE : address.toString();
    }
}
