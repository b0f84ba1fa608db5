package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.Role;
import org.jspecify.annotations.Nullable;

/** Hears what peers report. Returns at once; may be called from any thread, for one peer one at a time. */
@FunctionalInterface
public interface ReportListener {
    /**
     * Who reports.
     *
     * @param identity an edge's fingerprint; null for pages, and for edges of whom none is wanted
     */
    record Reporter(
            SiteId site, PeerId id, Role role, @Nullable KeyId identity) {}

    /** It may be lying. */
    void reported(Reporter from, Report report);
}
