/**
 * Connections to other peers and what is said over them: {@link dev.rivulet.edge.peer.PeerLink} carries bytes,
 * {@link dev.rivulet.edge.peer.PeerSession} speaks the peer protocol over one of them, and
 * {@link dev.rivulet.edge.peer.Neighbours} decides whom to be connected to.
 */
@NullMarked
package dev.rivulet.edge.peer;

import org.jspecify.annotations.NullMarked;
