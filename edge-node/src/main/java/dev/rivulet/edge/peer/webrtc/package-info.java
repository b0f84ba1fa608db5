/** The only code that knows webrtc-java: {@link dev.rivulet.edge.peer.PeerLink} over WebRTC data channels. */
@NullMarked
package dev.rivulet.edge.peer.webrtc;

import org.jspecify.annotations.NullMarked;
