/** STUN Binding (RFC 8489) and the part of RFC 5780 that needs one address and two ports. Pure: bytes in, bytes out. */
@NullMarked
package dev.rivulet.protocol.stun;

import org.jspecify.annotations.NullMarked;
