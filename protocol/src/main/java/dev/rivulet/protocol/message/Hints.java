package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.List;

/** Tells an edge what it may be worth to hold (docs/protocol.md, section 5.8). */
public record Hints(List<Hint> hints) implements TrackerMessage {
    public Hints {
        hints = Check.list("hints", hints, 1, Limits.MAX_HINTS);
    }

    /**
     * A resource of the site's catalog.
     *
     * @param size in bytes
     * @param demand pages that began to want it, or to hold it, of late
     * @param holders peers that hold some of it now
     */
    public record Hint(ResourceUrl url, ContentId content, long size, long demand, long holders) {
        public Hint {
            Check.range("size", size, 1, Limits.MAX_RESOURCE_BYTES);
            Check.u32("demand", demand);
            Check.u32("holders", holders);
        }

        /** Whether so few hold it that those who do should keep it. */
        public boolean isRare() {
            return holders <= Limits.RARE_HOLDERS;
        }
    }
}
