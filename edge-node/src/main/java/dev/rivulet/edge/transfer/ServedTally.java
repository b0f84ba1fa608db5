package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.catalog.ServedDay;
import dev.rivulet.protocol.catalog.ServedDay.Amount;
import dev.rivulet.protocol.catalog.ServedDay.Served;
import dev.rivulet.protocol.catalog.ServedDay.Ways;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was served since the last look, by content, in bounded memory. Any thread may call any method. */
public final class ServedTally {
    /** What was served since the last look. */
    public record Taken(List<Served> contents, Ways others) {
        public boolean isEmpty() {
            return contents.isEmpty() && others.equals(Ways.NONE);
        }
    }

    private static final class Count {
        private long webrtcBytes;
        private long webrtcCount;
        private long httpBytes;
        private long httpCount;
        private @Nullable ResourceUrl url;

        Ways ways() {
            return new Ways(new Amount(webrtcBytes, webrtcCount), new Amount(httpBytes, httpCount));
        }
    }

    private Map<ContentId, Count> counts = new LinkedHashMap<>();
    private Count others = new Count();

    /** Counts bytes sent over WebRTC; {@code begins} where they are the first of an answer. */
    public synchronized void webrtc(ContentId content, long bytes, boolean begins) {
        Count count = count(content);
        count.webrtcBytes += bytes;
        count.webrtcCount += begins ? 1 : 0;
    }

    /** Counts bytes sent over HTTP; {@code begins} where they are the first of an answer. */
    public synchronized void http(ContentId content, long bytes, boolean begins) {
        Count count = count(content);
        count.httpBytes += bytes;
        count.httpCount += begins ? 1 : 0;
    }

    /** Takes note of a URL that the site's catalog has for a content that is being served. */
    public synchronized void named(ContentId content, ResourceUrl url) {
        Count count = count(content);
        if (count != others) {
            count.url = url;
        }
    }

    private Count count(ContentId content) {
        Count known = counts.get(content);
        if (known != null) {
            return known;
        }
        if (counts.size() >= ServedDay.MAX_CONTENTS) {
            return others;
        }
        Count made = new Count();
        counts.put(content, made);
        return made;
    }

    /** What was counted since the last call. */
    public synchronized Taken take() {
        List<Served> taken = counts.entrySet().stream()
                .map(each -> new Served(
                        each.getKey(), each.getValue().url, each.getValue().ways()))
                .toList();
        Ways rest = others.ways();
        counts = new LinkedHashMap<>();
        others = new Count();
        return new Taken(taken, rest);
    }
}
