/** Benchmarks; their output is a size, never a gate. */
@NullMarked
package dev.rivulet.bench;

import org.jspecify.annotations.NullMarked;
