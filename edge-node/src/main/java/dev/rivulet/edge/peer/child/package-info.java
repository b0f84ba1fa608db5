/**
 * The WebRTC process: holds the native library, and neither keys nor pieces. What it is told and tells is in
 * {@link dev.rivulet.edge.peer.wire}; who starts it is {@link dev.rivulet.edge.peer.process}.
 */
@NullMarked
package dev.rivulet.edge.peer.child;

import org.jspecify.annotations.NullMarked;
