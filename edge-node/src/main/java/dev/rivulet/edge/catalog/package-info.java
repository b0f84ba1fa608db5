/** What the site's signed catalog says, as far as the edge has learned it. Pure: no sockets, files, threads, clocks. */
@NullMarked
package dev.rivulet.edge.catalog;

import org.jspecify.annotations.NullMarked;
