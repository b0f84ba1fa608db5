/** The tracker: signalling, catalogs and the client's scripts on one port. */
@NullMarked
package dev.rivulet.tracker;

import org.jspecify.annotations.NullMarked;
