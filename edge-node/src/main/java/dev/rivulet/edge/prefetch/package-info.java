/** What this edge fetches before anybody asks it, because the tracker says that it is worth it, or its volunteer does. */
@NullMarked
package dev.rivulet.edge.prefetch;

import org.jspecify.annotations.NullMarked;
