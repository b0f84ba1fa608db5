/** Programs that speak the wire protocol to the jars as built, hostile peers among them. */
@NullMarked
package dev.rivulet.e2e;

import org.jspecify.annotations.NullMarked;
