/** How a process of the tracker's ends. */
@NullMarked
package dev.rivulet.tracker.process;

import org.jspecify.annotations.NullMarked;
