package dev.rivulet.tracker.publishing.command;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ResourceUrl;

/**
 * Where the files of a directory are served.
 *
 * @param base the directory's URL
 * @param policy what of it may be shared
 */
record Addresses(ResourceUrl base, SitePolicy policy) {
    /** The URL of a file of this name; throws {@link DecodeException} with the reason when it cannot be published. */
    ResourceUrl of(String name) throws DecodeException {
        ResourceUrl url;
        try {
            url = ResourceUrl.ofPath(base, name);
        } catch (DecodeException e) {
            throw new DecodeException(name, "no URL can be made of its name: " + e.reason());
        }
        if (!policy.admits(url)) {
            throw new DecodeException(name, "outside of the site's include and exclude patterns");
        }
        return url;
    }
}
