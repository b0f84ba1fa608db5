package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.Role;
import java.time.Duration;

/**
 * A connected peer that wants a content as well, and does not hold a certain piece of it.
 *
 * @param roundTrip of a message to it
 */
public record Rival(PeerId peer, Role role, Duration roundTrip) {}
