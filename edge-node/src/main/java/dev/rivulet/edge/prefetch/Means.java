package dev.rivulet.edge.prefetch;

/**
 * What may be spent on what nobody has asked this edge for: only what those who do ask leave over. No I/O.
 *
 * @param maxDisk bound on the store, in bytes
 * @param monthlyTransfer bytes that may be sent and received in a month, 0: no limit
 * @param uploadRate bytes per second that may be sent, 0: no limit
 * @param downloadRate bytes per second that may be fetched, 0: no limit
 */
public record Means(long maxDisk, long monthlyTransfer, long uploadRate, long downloadRate) {
    /** The part of the download rate that goes into it: one in {@value}. */
    public static final int RATE_PART = 4;
    /** Its rate where the download rate has no limit, in bytes per second: {@value}. */
    static final long UNLIMITED_RATE = 8 << 20;
    /** It ends for the month once this part of the month's transfer is used up, by whatever: one in {@value}. */
    public static final int TRANSFER_PART = 2;
    /** An edge is idle while it sends at less than this part of its upload rate: one in {@value}. */
    public static final int IDLE_PART = 4;
    /** Where the upload rate has no limit, it is idle below this many bytes per second: {@value}. */
    static final long UNLIMITED_IDLE = 8 << 20;
    /** The part of the disk that is left for what visitors ask for: one in {@value}. */
    public static final int RESERVED_PART = 20;

    /**
     * How the edge stands.
     *
     * @param serving whether it serves anything, and keeps what it fetches, at present
     * @param held bytes that the store's pieces take
     * @param used bytes sent and received this month
     * @param sending bytes per second being sent
     */
    public record Situation(boolean serving, long held, long used, long sending) {}

    /** Bytes per second to fetch at, at most. */
    public long rate() {
        return downloadRate == 0 ? UNLIMITED_RATE : Math.max(1, downloadRate / RATE_PART);
    }

    /** Whether the edge has nothing better to do. */
    public boolean isIdle(Situation now) {
        long idle = uploadRate == 0 ? UNLIMITED_IDLE : uploadRate / IDLE_PART;
        return now.serving() && now.sending() < idle && fits(now, 0);
    }

    /**
     * Whether there is room and transfer left for so many bytes. What would have to make room for them was asked for, and
     * so is worth more than they are.
     */
    public boolean fits(Situation now, long bytes) {
        boolean room = now.held() + bytes <= maxDisk - maxDisk / RESERVED_PART;
        boolean transfer = monthlyTransfer == 0 || now.used() + bytes < monthlyTransfer / TRANSFER_PART;
        return room && transfer;
    }
}
