/** The edge's side of its tracker: the connection, what is announced over it, and the catalog fetched from it. */
@NullMarked
package dev.rivulet.edge.tracker;

import org.jspecify.annotations.NullMarked;
