/**
 * WebRTC in processes of its own: starts them, speaks with them over {@link dev.rivulet.edge.peer.wire}, replaces them
 * before what the native library leaks matters, and at once when one dies.
 */
@NullMarked
package dev.rivulet.edge.peer.process;

import org.jspecify.annotations.NullMarked;
