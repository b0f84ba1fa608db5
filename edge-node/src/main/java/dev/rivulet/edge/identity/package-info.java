/** The lasting key by which an edge is known. */
@NullMarked
package dev.rivulet.edge.identity;

import org.jspecify.annotations.NullMarked;
