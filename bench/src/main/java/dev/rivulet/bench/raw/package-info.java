/** Data channels of the library alone, with nothing of Rivulet in the way. */
@NullMarked
package dev.rivulet.bench.raw;

import org.jspecify.annotations.NullMarked;
