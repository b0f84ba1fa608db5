/** How this program makes its threads. */
@NullMarked
package dev.rivulet.edge.thread;

import org.jspecify.annotations.NullMarked;
