/** HLS playlists, as far as they say which resources there are. */
@NullMarked
package dev.rivulet.tracker.playlist;

import org.jspecify.annotations.NullMarked;
