package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Report;
import java.util.List;

/** Who wants to know what peers tell of a site's content. Must not block: it is called on I/O threads. */
public interface SiteHints {
    /** A peer asked for these, which the site's policy admits and which, it says, have no entry. */
    void missing(SiteId site, PeerId asker, List<ResourceUrl> urls);

    /** What a peer counted and saw. Hearsay; {@code contradicted} holds only URLs that the policy admits. */
    void report(SiteId site, PeerId reporter, Report report);
}
