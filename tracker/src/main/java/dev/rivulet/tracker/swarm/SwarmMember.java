package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.PeerId;

/**
 * A connected peer in a swarm.
 *
 * @param holds whether it has announced the content; else it looks for it
 */
public record SwarmMember(PeerId id, boolean edge, boolean holds) {}
