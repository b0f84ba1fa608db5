package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.message.ClientMessage.ByteCounts;
import dev.rivulet.protocol.message.ClientMessage.ContentCounts;
import dev.rivulet.protocol.message.ClientMessage.PieceCounts;
import dev.rivulet.protocol.message.ClientMessage.Report;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Whether a report can be true, by how long its sender has had for it. Pure. */
final class Plausibility {
    /** The fastest that anybody transfers, in bytes per second: ten gigabits. */
    static final long MAX_BYTES_PER_SECOND = 1_250_000_000;
    /** Time that a first report may be about, and every other one besides, in milliseconds. */
    static final long GRACE_MS = 60_000;
    /** Pieces, stalls and failures per second. */
    static final long MAX_TIMES_PER_SECOND = 10_000;

    private static final long MS_PER_SECOND = 1000;

    private Plausibility() {}

    /** @param sinceMs how long ago its sender reported, or joined */
    static boolean isPlausible(Report report, long sinceMs) {
        double seconds = (double) (Math.max(0, sinceMs) + GRACE_MS) / MS_PER_SECOND;
        return bytes(report).allMatch(bytes -> bytes <= seconds * MAX_BYTES_PER_SECOND)
                && times(report).allMatch(times -> times <= seconds * MAX_TIMES_PER_SECOND)
                && report.observed().contents().stream().allMatch(content -> content.origin() <= content.bytes());
    }

    private static LongStream bytes(Report report) {
        ByteCounts bytes = report.bytes();
        LongStream sums = bytes == null
                ? LongStream.empty()
                : LongStream.of(bytes.store(), bytes.peers(), bytes.edges(), bytes.origin(), bytes.uploaded());
        return LongStream.concat(sums, report.observed().contents().stream().mapToLong(ContentCounts::bytes));
    }

    private static LongStream times(Report report) {
        return LongStream.concat(
                LongStream.of(report.observed().stalls(), report.observed().failed()),
                Stream.ofNullable(report.pieces()).flatMapToLong(Plausibility::times));
    }

    private static LongStream times(PieceCounts pieces) {
        return LongStream.of(pieces.verified(), pieces.rejected());
    }
}
