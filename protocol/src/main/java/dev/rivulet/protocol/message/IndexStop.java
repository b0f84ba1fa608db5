package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;

/** The answer to an {@link IndexRequest} is not wanted any more. */
public record IndexStop(long id) implements TrackerMessage {
    public IndexStop {
        Check.u32("id", id);
    }
}
