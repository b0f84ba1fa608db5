/** Layouts, entries, shards, and the signed heads and batches above them (docs/protocol.md, sections 3 and 4). */
@NullMarked
package dev.rivulet.protocol.catalog;

import org.jspecify.annotations.NullMarked;
