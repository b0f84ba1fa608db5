package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange.Pace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Decides when a site's changes are signed. A head makes every visitor fetch the shards that changed, so it waits for a
 * pause in the changes; a batch carries a few changes themselves, so it goes out almost at once and the head follows. For
 * the segments of a stream that head comes seldom: everybody has them from the batches, and the next one is never far. Not
 * thread-safe.
 */
public final class CutPlan {
    /** Changes within this time of the first go into one batch, in milliseconds; those of streams wait for no others. */
    public static final long BATCH_DELAY_MS = 50;
    /** A head is cut after this time without a change, in milliseconds, */
    public static final long HEAD_PAUSE_MS = 1000;
    /** or this time after the first change that it lacks, in milliseconds. */
    public static final long HEAD_DELAY_MS = 5000;
    /** A head is cut this time after the first change of a stream that it lacks, in milliseconds, */
    public static final long STREAM_HEAD_DELAY_MS = 60_000;
    /** or once so many bytes of entries are in batches: whoever arrives is told all of them. */
    public static final int MAX_BATCHED_BYTES = 128 * 1024;
    /** A head is replaced at this age although nothing changed, in milliseconds. */
    public static final long HEAD_RENEWAL_MS = TimeUnit.SECONDS.toMillis(Limits.HEAD_LIFETIME_SECONDS / 2);
    /** Bytes of the changes in one batch: base64url makes a third more of them, and a JWS has to hold that. */
    public static final int MAX_BATCH_BYTES = Limits.MAX_JWS_CHARS / 4 * 3 - 1024;

    /** Bytes of a URL hash in JSON: the text, quotes and a comma. */
    private static final int REMOVAL_BYTES = 46;

    /** Changes in no batch yet; an empty value is a removal. */
    private final Map<UrlHash, Optional<Entry>> unsent = new LinkedHashMap<>();

    private long batchDueMs;
    private boolean unheaded;
    /** When a head is due because of a stream's changes that it lacks, */
    private long streamDueMs = Long.MAX_VALUE;
    /** because of others, */
    private long gatheredDueMs = Long.MAX_VALUE;
    /** and until when more of those may put it off. */
    private long pauseEndsMs = Long.MAX_VALUE;

    private int batchedBytes;
    private boolean headWanted;
    private long headMs;

    private CutPlan(boolean headWanted, long headMs) {
        this.headWanted = headWanted;
        this.headMs = headMs;
    }

    /** For a catalog that needs a new head now. */
    public static CutPlan fromNothing() {
        return new CutPlan(true, 0);
    }

    /** For a catalog whose head was issued at {@code headMs} and says all there is to say. */
    public static CutPlan fromHead(long headMs) {
        return new CutPlan(false, headMs);
    }

    /** The entry of {@code url} is another now, or gone when empty. */
    public void changed(UrlHash url, Optional<Entry> entry, Pace pace, long nowMs) {
        if (unsent.isEmpty()) {
            batchDueMs = Long.MAX_VALUE;
        }
        batchDueMs = Math.min(batchDueMs, pace == Pace.STREAMED ? nowMs : nowMs + BATCH_DELAY_MS);
        if (pace == Pace.STREAMED) {
            streamDueMs = Math.min(streamDueMs, nowMs + STREAM_HEAD_DELAY_MS);
        } else {
            pauseEndsMs = Math.min(pauseEndsMs, nowMs + HEAD_DELAY_MS);
            gatheredDueMs = Math.min(pauseEndsMs, nowMs + HEAD_PAUSE_MS);
        }
        unheaded = true;
        unsent.put(url, entry);
    }

    /** What is taken down is another: only a head says so, and at once. */
    public void takenDown() {
        unheaded = true;
        headWanted = true;
    }

    /** Somebody waits for a head that has all changes so far. */
    public void wantHead() {
        headWanted |= unheaded;
    }

    /** What to sign now; {@link #headCut} or {@link #batchCut} has to be called once that is done. */
    public Cut next(long nowMs) {
        long headDueMs = headDueMs();
        // The clock of a machine may be set back: then what was signed in the future is signed again.
        if (nowMs >= headDueMs || nowMs < headMs) {
            return new Cut.Head();
        }
        if (unsent.isEmpty()) {
            return new Cut.Wait(headDueMs);
        }
        return nowMs >= batchDueMs ? batch() : new Cut.Wait(Math.min(batchDueMs, headDueMs));
    }

    /** A head over all changes so far is signed. */
    public void headCut(long nowMs) {
        unsent.clear();
        unheaded = false;
        streamDueMs = Long.MAX_VALUE;
        gatheredDueMs = Long.MAX_VALUE;
        pauseEndsMs = Long.MAX_VALUE;
        batchedBytes = 0;
        headWanted = false;
        headMs = nowMs;
    }

    /** This batch is signed. */
    public void batchCut(Cut.Batch batch) {
        batch.entries().forEach(entry -> unsent.remove(entry.url()));
        batch.removed().forEach(unsent::remove);
        batchedBytes += batch.entries().stream().mapToInt(Entry::encodedBytes).sum()
                + batch.removed().size() * REMOVAL_BYTES;
    }

    private long headDueMs() {
        if (headWanted || unsent.size() > Limits.MAX_BATCH_ENTRIES || batchedBytes > MAX_BATCHED_BYTES) {
            return Long.MIN_VALUE;
        }
        return Math.min(headMs + HEAD_RENEWAL_MS, Math.min(streamDueMs, gatheredDueMs));
    }

    private Cut.Batch batch() {
        List<Entry> entries = new ArrayList<>();
        List<UrlHash> removed = new ArrayList<>();
        int bytes = 0;
        for (Map.Entry<UrlHash, Optional<Entry>> change : unsent.entrySet()) {
            bytes += change.getValue().map(Entry::encodedBytes).orElse(REMOVAL_BYTES) + 1;
            if (bytes > MAX_BATCH_BYTES) {
                break;
            }
            change.getValue().ifPresentOrElse(entries::add, () -> removed.add(change.getKey()));
        }
        return new Cut.Batch(entries, removed);
    }
}
