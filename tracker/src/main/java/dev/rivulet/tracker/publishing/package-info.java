/** Puts catalogs out: signs, keeps and serves heads, batches and shards, and takes what sites publish. */
@NullMarked
package dev.rivulet.tracker.publishing;

import org.jspecify.annotations.NullMarked;
