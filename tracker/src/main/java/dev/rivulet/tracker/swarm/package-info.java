/**
 * Who holds and who wants what, and whom to introduce to whom. Pure: values in, values out, chance as a parameter; the
 * owner confines a {@link dev.rivulet.tracker.swarm.SwarmTable} to one thread at a time.
 */
@NullMarked
package dev.rivulet.tracker.swarm;

import org.jspecify.annotations.NullMarked;
