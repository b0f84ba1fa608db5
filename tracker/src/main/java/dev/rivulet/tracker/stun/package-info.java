/** The tracker's own STUN server, so that no third party learns visitors' addresses. */
@NullMarked
package dev.rivulet.tracker.stun;

import org.jspecify.annotations.NullMarked;
