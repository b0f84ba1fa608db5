/** The enrolled websites and who may act for them. */
@NullMarked
package dev.rivulet.tracker.site;

import org.jspecify.annotations.NullMarked;
