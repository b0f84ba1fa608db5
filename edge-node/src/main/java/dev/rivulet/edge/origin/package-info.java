/** Fetching pieces from a site's origins: verified, coalesced, bounded, and never from where a volunteer would mind. */
@NullMarked
package dev.rivulet.edge.origin;

import org.jspecify.annotations.NullMarked;
