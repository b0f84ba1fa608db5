/** Every message between clients and tracker, and between peers (docs/protocol.md, sections 5 and 6). */
@NullMarked
package dev.rivulet.protocol.message;

import org.jspecify.annotations.NullMarked;
