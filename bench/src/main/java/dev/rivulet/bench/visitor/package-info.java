/** Visitors without a browser: they join a tracker as pages, meet an edge, and ask it for pieces. */
@NullMarked
package dev.rivulet.bench.visitor;

import org.jspecify.annotations.NullMarked;
