package dev.rivulet.tracker.operating;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;

/** The tag that a site's pages embed. */
public final class Snippet {
    private Snippet() {}

    /**
     * The tag, with the key pinned.
     *
     * @param base where browsers find the tracker
     */
    public static String html(ResourceUrl base, SiteId site, KeyId key) {
        return "<script src=\"" + base + "rivulet.js\" data-site=\"" + site + "\" data-key=\"" + key.text()
                + "\" async></script>";
    }
}
