package dev.rivulet.edge.peer;

import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.protocol.Limits;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Has a peer send a few more packets when nothing comes of what it was asked for (docs/protocol.md, section 6.2). Belongs to
 * the loop.
 *
 * <p>SCTP sees that a packet is missing by those that arrive after it. One lost at the end of what was sent is missed only
 * when a timer runs out, 400 ms later and more; answers to pings are such later packets. TCP probes in the same way (RFC 8985,
 * section 7), but from the side that has sent; here that side cannot know.
 */
final class LossProbes {
    /** Nothing comes for so long beyond two round trips and the time that {@link #BLOCKS} blocks take. */
    static final Duration SILENCE = Duration.ofMillis(60);

    static final int BLOCKS = 2;

    /** So many later packets tell SCTP that an earlier one is lost (RFC 9260, section 7.2.4). */
    static final int PROBES = 3;

    private static final int ROUND_TRIPS = 2;

    private final EventLoop loop;
    private final Downloads downloads;
    private final LinkInbox inbox;
    private final Supplier<Duration> roundTrip;
    private final Runnable ping;
    private boolean watching;
    private long probedNanos;

    /** @param ping sends a ping */
    LossProbes(EventLoop loop, Downloads downloads, LinkInbox inbox, Supplier<Duration> roundTrip, Runnable ping) {
        this.loop = loop;
        this.downloads = downloads;
        this.inbox = inbox;
        this.roundTrip = roundTrip;
        this.ping = ping;
        // before anything can have been asked
        probedNanos = loop.nanoTime() - 1;
    }

    /** The peer was asked for something. */
    void asked() {
        if (!watching) {
            watching = true;
            look();
        }
    }

    private void look() {
        if (!downloads.isBusy()) {
            watching = false;
            return;
        }
        long silentSince = downloads.quietSince(inbox.blockNanos());
        long patience = patienceNanos();
        long left = patience - (loop.nanoTime() - silentSince);
        if (left <= 0) {
            left = patience;
            if (silentSince != probedNanos) {
                probedNanos = silentSince;
                for (int i = 0; i < PROBES; i++) {
                    ping.run();
                }
            }
        }
        loop.after(Duration.ofNanos(left), this::look);
    }

    private long patienceNanos() {
        double rate = downloads.bytesPerSecond();
        double blocks = rate > 0 ? BLOCKS * Limits.MAX_BLOCK_BYTES * 1e9 / rate : 0;
        return SILENCE.toNanos() + ROUND_TRIPS * roundTrip.get().toNanos() + Math.round(blocks);
    }
}
