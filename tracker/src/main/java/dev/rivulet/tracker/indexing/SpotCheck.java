package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.Shareability;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Fetches some pieces of what an edge reported from the origin, and compares. */
final class SpotCheck {
    private final OriginHttp http;
    private final SitePolicy policy;
    private final Throttle throttle;
    private final Clock clock;

    SpotCheck(OriginHttp http, SitePolicy policy, Throttle throttle, Clock clock) {
        this.http = http;
        this.policy = policy;
        this.throttle = throttle;
        this.clock = clock;
    }

    /** What the comparison showed. */
    sealed interface Result {
        /** The origin says the same. */
        record Same() implements Result {}

        /** The origin gives another piece; without its hash where already the size is another. */
        record Other(int piece, @Nullable PieceHash hash) implements Result {}

        /** The origin's header says to the tracker that it is not to be shared. */
        record NotShared(String reason) implements Result {}

        /** The origin did not answer. */
        record Unanswered(String reason) implements Result {}
    }

    /** Compares; ends at the first difference. */
    Result compare(ResourceUrl url, Layout layout, Set<Integer> pieces) throws InterruptedException {
        for (int piece : pieces) {
            Result result = compare(url, layout, piece);
            if (!(result instanceof Result.Same)) {
                return result;
            }
        }
        return new Result.Same();
    }

    private Result compare(ResourceUrl url, Layout layout, int piece) throws InterruptedException {
        long requestedAt = nowSeconds();
        long first = layout.offset(piece);
        long last = first + layout.length(piece) - 1;
        try (OriginHttp.Exchange exchange = http.getRange(url, first, last)) {
            int status = exchange.response().getCode();
            HttpEntity body = exchange.response().getEntity();
            if (status != HttpStatus.SC_PARTIAL_CONTENT && status != HttpStatus.SC_OK) {
                return status == HttpStatus.SC_REQUESTED_RANGE_NOT_SATISFIABLE
                        ? new Result.Other(piece, null)
                        : new Result.Unanswered("status " + status);
            }
            if (body == null) {
                return new Result.Unanswered("no body");
            }
            Shareability shareability = Shareability.of(
                    new Shareability.Response(url, HttpStatus.SC_OK, exchange.headers(), requestedAt, nowSeconds()),
                    policy.webOrigins());
            if (shareability instanceof Shareability.Refused refused) {
                return new Result.NotShared(refused.reason().text());
            }
            if (status == HttpStatus.SC_OK) {
                // All comes from the beginning: that is compared, and the rest broken off.
                return compare(layout, 0, body);
            }
            String expected = "bytes " + first + "-" + last + "/" + layout.size();
            return expected.equals(rangeOf(exchange.headers()))
                    ? compare(layout, piece, body)
                    : new Result.Other(piece, null);
        } catch (IOException e) {
            return new Result.Unanswered(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private Result compare(Layout layout, int piece, HttpEntity body) throws IOException, InterruptedException {
        int length = layout.length(piece);
        throttle.take(length);
        byte[] bytes = body.getContent().readNBytes(length);
        PieceHash hash = new PieceHash(Sha256.of(bytes));
        return hash.equals(layout.hash(piece)) ? new Result.Same() : new Result.Other(piece, hash);
    }

    private static String rangeOf(HeaderFields headers) {
        String range = headers.single("content-range");
        return range == null ? "" : range;
    }

    private long nowSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(clock.millis());
    }
}
