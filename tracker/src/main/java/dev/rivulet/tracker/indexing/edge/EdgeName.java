package dev.rivulet.tracker.indexing.edge;

import dev.rivulet.protocol.id.PeerId;

/**
 * An indexing edge.
 *
 * @param token by which it is trusted; several edges may share one, and then lose its trust together
 */
public record EdgeName(PeerId id, String token) {
    /** Without the token. */
    @Override
    public String toString() {
        return id.text();
    }
}
