/** How the tracker asks others over HTTP. */
@NullMarked
package dev.rivulet.tracker.outgoing;

import org.jspecify.annotations.NullMarked;
