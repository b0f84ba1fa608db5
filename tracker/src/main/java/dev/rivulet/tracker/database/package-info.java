/** The tracker's durable state: a connection pool over a migrated database. */
@NullMarked
package dev.rivulet.tracker.database;

import org.jspecify.annotations.NullMarked;
