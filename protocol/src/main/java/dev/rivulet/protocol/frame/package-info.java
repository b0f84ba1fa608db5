/** The binary frames of the blocks channel (docs/protocol.md, section 6.1). */
@NullMarked
package dev.rivulet.protocol.frame;

import org.jspecify.annotations.NullMarked;
