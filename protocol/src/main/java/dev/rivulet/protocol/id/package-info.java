/** Identifiers, each a type of its own with exactly one text form (docs/protocol.md, section 2). */
@NullMarked
package dev.rivulet.protocol.id;

import org.jspecify.annotations.NullMarked;
