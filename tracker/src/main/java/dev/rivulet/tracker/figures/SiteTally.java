package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.message.ClientMessage.ByteCounts;
import dev.rivulet.protocol.message.ClientMessage.ContentCounts;
import dev.rivulet.protocol.message.ClientMessage.PieceCounts;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.tracker.history.Sum;
import dev.rivulet.tracker.history.Sums;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What was counted of a site since the tracker started. Thread-safe. */
final class SiteTally {
    /** Contents counted between two writings; of others nothing is counted until the next. */
    static final int MAX_CONTENTS = 10_000;

    /** Bytes used of a content, and those of them that came from the origin. */
    record Used(long bytes, long origin) {
        Used plus(Used other) {
            return new Used(bytes + other.bytes, origin + other.origin);
        }
    }

    /** With all of them from the beginning, so that it is only read. */
    private final Map<Sum, LongAdder> sums = new EnumMap<>(Sum.class);

    private Map<ContentId, Used> contents = new HashMap<>();

    SiteTally() {
        for (Sum sum : Sum.values()) {
            sums.put(sum, new LongAdder());
        }
    }

    private LongAdder of(Sum sum) {
        return Objects.requireNonNull(sums.get(sum));
    }

    void add(Sum sum, long count) {
        of(sum).add(count);
    }

    /** Counts a report that can be true. */
    void take(Role role, Report report) {
        add(Sum.REPORTS, 1);
        add(Sum.BAD, report.bad().size());
        add(Sum.CONTRADICTED, report.contradicted().size());
        add(Sum.STALLS, report.observed().stalls());
        add(Sum.FAILED, report.observed().failed());
        if (report.bytes() != null) {
            take(role, report.bytes());
        }
        PieceCounts pieces = report.pieces();
        if (pieces != null) {
            add(Sum.VERIFIED, pieces.verified());
            add(Sum.REJECTED, pieces.rejected());
        }
        if (role == Role.PAGE) {
            report.observed().contents().forEach(this::take);
        }
    }

    private void take(Role role, ByteCounts bytes) {
        add(Sum.UPLOADED, bytes.uploaded());
        if (role == Role.EDGE) {
            // What edges have of others is on its way to pages, who count it when it arrives.
            add(Sum.EDGE_ORIGIN, bytes.origin());
            return;
        }
        add(Sum.STORE, bytes.store());
        add(Sum.PEERS, bytes.peers());
        add(Sum.EDGES, bytes.edges());
        add(Sum.ORIGIN, bytes.origin());
    }

    private synchronized void take(ContentCounts counts) {
        if (contents.size() < MAX_CONTENTS || contents.containsKey(counts.content())) {
            contents.merge(counts.content(), new Used(counts.bytes(), counts.origin()), Used::plus);
        }
    }

    Sums sums() {
        return Sums.of(sum -> of(sum).sum());
    }

    /** What was counted of contents since this was called last. */
    synchronized Map<ContentId, Used> takeContents() {
        Map<ContentId, Used> taken = contents;
        contents = new HashMap<>();
        return taken;
    }
}
