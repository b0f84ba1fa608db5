/** What was counted and what happened, kept in the database: bounded by rolling it up, and read by the span of time. */
@NullMarked
package dev.rivulet.tracker.history;

import org.jspecify.annotations.NullMarked;
