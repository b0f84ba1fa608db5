/** The data directory as one file, and back. */
@NullMarked
package dev.rivulet.tracker.backup;

import org.jspecify.annotations.NullMarked;
