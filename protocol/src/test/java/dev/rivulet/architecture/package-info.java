/** The dependency rules that every module runs over its own classes. */
@NullMarked
package dev.rivulet.architecture;

import org.jspecify.annotations.NullMarked;
