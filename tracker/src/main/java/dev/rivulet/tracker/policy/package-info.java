/** What holds for the whole tracker and may change while it runs. */
@NullMarked
package dev.rivulet.tracker.policy;

import org.jspecify.annotations.NullMarked;
