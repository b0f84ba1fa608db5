/** Edges that the operator trusts to fetch and hash resources: who is here, whom to ask, and what they answer. */
@NullMarked
package dev.rivulet.tracker.indexing.edge;

import org.jspecify.annotations.NullMarked;
