/** Pieces over HTTP, for whoever cannot or will not use WebRTC (docs/protocol.md, section 7). */
@NullMarked
package dev.rivulet.edge.gateway;

import org.jspecify.annotations.NullMarked;
