/** The edge node: a volunteer's long-lived peer. */
@NullMarked
package dev.rivulet.edge;

import org.jspecify.annotations.NullMarked;
