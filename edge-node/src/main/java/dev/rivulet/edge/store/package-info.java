/** What the edge holds: verified pieces and layouts on disk, within a size bound. */
@NullMarked
package dev.rivulet.edge.store;

import org.jspecify.annotations.NullMarked;
