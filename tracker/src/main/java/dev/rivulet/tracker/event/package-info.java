/** What happens to sites, edges and content that an operator should hear of. */
@NullMarked
package dev.rivulet.tracker.event;

import org.jspecify.annotations.NullMarked;
