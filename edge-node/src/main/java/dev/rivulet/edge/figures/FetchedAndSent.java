package dev.rivulet.edge.figures;

/** The rates up and down, of late. Any thread may call any method. */
public final class FetchedAndSent {
    private final RateWindow sent = new RateWindow();
    private final RateWindow fetched = new RateWindow();

    /** Takes note of the sums as they are now. */
    public synchronized void sample(long nowNanos, long sentBytes, long fetchedBytes) {
        sent.sample(nowNanos, sentBytes);
        fetched.sample(nowNanos, fetchedBytes);
    }

    /** Bytes. */
    public synchronized long sentPerSecond() {
        return sent.perSecond();
    }

    /** Bytes. */
    public synchronized long fetchedPerSecond() {
        return fetched.perSecond();
    }
}
