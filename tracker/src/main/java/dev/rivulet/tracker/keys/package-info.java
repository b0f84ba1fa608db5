/** The tracker's signing keys, one directory per site. */
@NullMarked
package dev.rivulet.tracker.keys;

import org.jspecify.annotations.NullMarked;
