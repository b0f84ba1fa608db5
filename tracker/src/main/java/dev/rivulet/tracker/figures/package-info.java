/** Counts what the tracker hears, judges whether it can be true, and tells operators. */
@NullMarked
package dev.rivulet.tracker.figures;

import org.jspecify.annotations.NullMarked;
