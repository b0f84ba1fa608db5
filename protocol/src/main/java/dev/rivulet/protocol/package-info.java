/** The wire contract that tracker, edge node and browser client share: values only, no I/O. */
@NullMarked
package dev.rivulet.protocol;

import org.jspecify.annotations.NullMarked;
