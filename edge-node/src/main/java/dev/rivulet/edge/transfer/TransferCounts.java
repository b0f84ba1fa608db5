package dev.rivulet.edge.transfer;

import java.util.concurrent.atomic.LongAdder;

/** Payload bytes by the path they really crossed, duplicates and rejected ones included. Any thread may count. */
public final class TransferCounts {
    /**
     * The sums at one moment.
     *
     * @param store read from the own store to answer somebody
     * @param peers received from pages
     * @param edges received from edges
     * @param uploaded sent to peers, and over HTTP
     * @param verified pieces from peers whose hash was right
     * @param rejected pieces from peers whose hash was wrong
     */
    public record Snapshot(long store, long peers, long edges, long uploaded, long verified, long rejected) {}

    public final LongAdder store = new LongAdder();
    public final LongAdder peers = new LongAdder();
    public final LongAdder edges = new LongAdder();
    public final LongAdder uploaded = new LongAdder();

    /** What of {@link #uploaded} went over HTTP. */
    public final LongAdder http = new LongAdder();

    /** Pieces asked for by others that were held. */
    public final LongAdder hits = new LongAdder();

    /** Pieces asked for by others that had to be got first. */
    public final LongAdder misses = new LongAdder();

    public final LongAdder verified = new LongAdder();
    public final LongAdder rejected = new LongAdder();

    /** What was sent most. */
    public final TopContents top = new TopContents();

    /** What was sent since it was last written to the log of the day. */
    public final ServedTally served = new ServedTally();

    /** The sums so far. */
    public Snapshot snapshot() {
        return new Snapshot(store.sum(), peers.sum(), edges.sum(), uploaded.sum(), verified.sum(), rejected.sum());
    }
}
