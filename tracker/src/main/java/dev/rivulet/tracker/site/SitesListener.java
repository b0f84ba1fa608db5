package dev.rivulet.tracker.site;

import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;

/** Is told when the sites change, one change at a time, in the thread that makes it. */
public interface SitesListener {
    /** A site that was not there. */
    void added(Site site) throws IOException;

    /** A site that was there, and is otherwise now. */
    void changed(Site site) throws IOException;

    /** A site that is not there any more; {@link Sites#find} may find it until all are told. */
    void removed(SiteId site);
}
