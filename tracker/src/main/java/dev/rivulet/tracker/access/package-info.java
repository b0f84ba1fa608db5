/** Who may use the API: operators with passwords, API tokens, and whoever can read the data directory. */
@NullMarked
package dev.rivulet.tracker.access;

import org.jspecify.annotations.NullMarked;
