/** What a volunteer may set, and how the command line says it. */
@NullMarked
package dev.rivulet.edge.config;

import org.jspecify.annotations.NullMarked;
