package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.id.UrlHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Decides when a site's changes are signed. A head makes every visitor fetch the shards that changed, so it waits for a
 * pause in the changes; a batch carries a few changes themselves, so it goes out almost at once and the head follows. Not
 * thread-safe.
 */
public final class CutPlan {
    /** Changes within this time of the first go into one batch, in milliseconds. */
    public static final long BATCH_DELAY_MS = 50;
    /** A head is cut after this time without a change, in milliseconds, */
    public static final long HEAD_PAUSE_MS = 1000;
    /** or this time after the first change that it lacks, in milliseconds. */
    public static final long HEAD_DELAY_MS = 5000;
    /** A head is replaced at this age although nothing changed, in milliseconds. */
    public static final long HEAD_RENEWAL_MS = TimeUnit.SECONDS.toMillis(Limits.HEAD_LIFETIME_SECONDS / 2);
    /** Bytes of the changes in one batch: base64url makes a third more of them, and a JWS has to hold that. */
    public static final int MAX_BATCH_BYTES = Limits.MAX_JWS_CHARS / 4 * 3 - 1024;

    /** Bytes of a URL hash in JSON: the text, quotes and a comma. */
    private static final int REMOVAL_BYTES = 46;

    /** Changes in no batch yet; an empty value is a removal. */
    private final Map<UrlHash, Optional<Entry>> unsent = new LinkedHashMap<>();

    private long firstUnsentMs;
    private long firstUnheadedMs;
    private long lastChangeMs;
    private boolean unheaded;
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
    public void changed(UrlHash url, Optional<Entry> entry, long nowMs) {
        if (unsent.isEmpty()) {
            firstUnsentMs = nowMs;
        }
        if (!unheaded) {
            firstUnheadedMs = nowMs;
        }
        unheaded = true;
        lastChangeMs = nowMs;
        unsent.put(url, entry);
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
        long batchDueMs = firstUnsentMs + BATCH_DELAY_MS;
        return nowMs >= batchDueMs ? batch() : new Cut.Wait(Math.min(batchDueMs, headDueMs));
    }

    /** A head over all changes so far is signed. */
    public void headCut(long nowMs) {
        unsent.clear();
        unheaded = false;
        headWanted = false;
        headMs = nowMs;
    }

    /** This batch is signed. */
    public void batchCut(Cut.Batch batch) {
        batch.entries().forEach(entry -> unsent.remove(entry.url()));
        batch.removed().forEach(unsent::remove);
    }

    private long headDueMs() {
        if (headWanted || unsent.size() > Limits.MAX_BATCH_ENTRIES) {
            return Long.MIN_VALUE;
        }
        long renewalMs = headMs + HEAD_RENEWAL_MS;
        return unheaded
                ? Math.min(renewalMs, Math.min(lastChangeMs + HEAD_PAUSE_MS, firstUnheadedMs + HEAD_DELAY_MS))
                : renewalMs;
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
