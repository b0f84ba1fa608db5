/** The {@code publish} command: indexes a site's files where they lie, with no fetch from the origin. */
@NullMarked
package dev.rivulet.tracker.publishing.command;

import org.jspecify.annotations.NullMarked;
