/** Fetching and hashing resources in a tracker's place, for trackers that trust this edge to (docs/protocol.md 5.6). */
@NullMarked
package dev.rivulet.edge.indexing;

import org.jspecify.annotations.NullMarked;
