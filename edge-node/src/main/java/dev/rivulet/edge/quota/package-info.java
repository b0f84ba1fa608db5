/** The monthly transfer, counted and kept across restarts. */
@NullMarked
package dev.rivulet.edge.quota;

import org.jspecify.annotations.NullMarked;
