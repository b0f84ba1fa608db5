/** What operators change while the tracker runs: sites, tokens, who is kept out, what is purged, and the policy. */
@NullMarked
package dev.rivulet.tracker.operating;

import org.jspecify.annotations.NullMarked;
