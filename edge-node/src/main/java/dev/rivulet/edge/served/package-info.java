/** The signed log of what this edge served, a file for every day. */
@NullMarked
package dev.rivulet.edge.served;

import org.jspecify.annotations.NullMarked;
