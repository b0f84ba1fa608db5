package dev.rivulet.tracker.site;

import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import java.util.List;

/**
 * An enrolled website.
 *
 * @param policy what it allows
 * @param openEdges whether edges may join without a token
 * @param indexThreshold visitors that ask for a URL before the tracker itself indexes it; 0: it never does
 * @param live playlists of running streams
 */
public record Site(SiteId id, SitePolicy policy, boolean openEdges, int indexThreshold, List<ResourceUrl> live) {
    public Site {
        live = List.copyOf(live);
    }
}
