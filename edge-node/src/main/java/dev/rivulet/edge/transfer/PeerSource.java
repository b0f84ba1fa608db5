package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.Role;

/**
 * A connected peer as a source of pieces, at one moment.
 *
 * @param room requests that may be made of it now
 * @param queuedBytes asked of it and not yet received
 * @param bytesPerSecond at which it has delivered so far; 0 when nothing is known
 * @param stalled it chokes, or let an earlier request run out of time and has not sent a block since
 * @param quietSinceNanos when it last sent a block, or was first asked for something after it had nothing to send
 */
public record PeerSource(
        PeerId peer,
        Role role,
        int room,
        long queuedBytes,
        double bytesPerSecond,
        boolean stalled,
        long quietSinceNanos) {}
