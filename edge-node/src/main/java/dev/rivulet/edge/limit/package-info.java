/**
 * How much an edge may move, and who of those that wait is next: decisions only, with time passed in. The monthly
 * transfer is kept on the disk by {@code quota}.
 */
@NullMarked
package dev.rivulet.edge.limit;

import org.jspecify.annotations.NullMarked;
