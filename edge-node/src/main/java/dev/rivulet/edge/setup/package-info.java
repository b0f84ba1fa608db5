/** Setting an edge up: finding out what its network lets through, and writing its configuration. */
@NullMarked
package dev.rivulet.edge.setup;

import org.jspecify.annotations.NullMarked;
