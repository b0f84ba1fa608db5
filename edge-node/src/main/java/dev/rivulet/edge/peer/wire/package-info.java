/**
 * What the edge and its WebRTC process say to each other: length-prefixed frames over a Unix domain socket, written in
 * batches.
 */
@NullMarked
package dev.rivulet.edge.peer.wire;

import org.jspecify.annotations.NullMarked;
