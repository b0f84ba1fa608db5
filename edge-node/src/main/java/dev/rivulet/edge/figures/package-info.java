/** What the volunteer is shown of an edge: figures, as metrics, as a page and as text. No visitor appears in them. */
@NullMarked
package dev.rivulet.edge.figures;

import org.jspecify.annotations.NullMarked;
