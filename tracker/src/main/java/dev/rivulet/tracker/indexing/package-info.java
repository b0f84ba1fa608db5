/**
 * The tracker's own indexer: fetches what visitors asked for often enough, gently, hashes it, and keeps what it said
 * about it true. Decisions ({@link dev.rivulet.tracker.indexing.FetchQueue}, {@link
 * dev.rivulet.tracker.indexing.AskerTally}, {@link dev.rivulet.tracker.indexing.Refusals}) take the time as a parameter;
 * {@link dev.rivulet.tracker.indexing.Indexer} owns the threads.
 */
@NullMarked
package dev.rivulet.tracker.indexing;

import org.jspecify.annotations.NullMarked;
