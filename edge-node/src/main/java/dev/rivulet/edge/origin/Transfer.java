package dev.rivulet.edge.origin;

import dev.rivulet.edge.origin.OriginHttp.Exchange;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.SitePolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** One request to an origin, and what comes of it. Used by one thread. */
final class Transfer {
    /** A response slower than this many bytes per second, beyond {@link #GRACE}, is given up: {@value}. */
    static final int MIN_BYTES_PER_SECOND = 16 << 10;
    /** What any response may take. */
    static final Duration GRACE = Duration.ofSeconds(60);

    private final FetchJob job;
    private final LongAdder received;
    private PieceSpan span;

    /** @param received counts body bytes, right or wrong */
    Transfer(FetchJob job, PieceSpan span, LongAdder received) {
        this.job = job;
        this.span = span;
        this.received = received;
    }

    /** The pieces that the response brings: those asked for, or all of them if the origin so pleases. */
    PieceSpan span() {
        return span;
    }

    /** Asks the origin and hands every verified piece to {@code sink}; blocks until all came or the origin failed. */
    void run(OriginHttp http, SitePolicy policy, ScheduledExecutorService timer, SpanReader.Sink sink)
            throws IOException {
        Layout layout = job.layout;
        boolean everything = span.isAll(layout);
        String range = everything ? "" : "bytes=" + span.begin(layout) + "-" + (span.end(layout) - 1);
        try (Exchange exchange = http.get(job.url, range, policy)) {
            if (!everything && SpanReader.isWhole(exchange.response())) {
                if (!job.becomesWhole(span)) {
                    return;
                }
                span = PieceSpan.all(layout);
            }
            ScheduledFuture<?> deadline = timer.schedule(exchange::abort, secondsFor(layout), TimeUnit.SECONDS);
            try {
                new SpanReader(layout, received).read(exchange.response(), span, sink);
            } finally {
                deadline.cancel(false);
            }
        }
    }

    private long secondsFor(Layout layout) {
        return GRACE.toSeconds() + (span.end(layout) - span.begin(layout)) / MIN_BYTES_PER_SECOND;
    }
}
