package dev.rivulet.edge.figures;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an edge is, at one moment; what {@code /status.json} says. Sizes are in bytes, rates in bytes per second over the
 * last {@value RateWindow#SAMPLES} seconds, sums since the start; a limit of 0 means none.
 *
 * @param ready whether it has the tracker's catalog, or has found that there is none
 * @param notServing why nothing is served, and what can be done about it; null while something is
 * @param refusal why the tracker does not let the edge in, which it did before, and what can be done; null while it does
 * @param memory of the edge's own process
 * @param webRtc the processes that have the WebRTC connections
 * @param gateway how the tracker finds the HTTP gateway; null where it is told of none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatusReport(
        String version,
        String site,
        Instant at,
        Instant startedAt,
        boolean ready,
        @Nullable String notServing,
        @Nullable String refusal,
        @Nullable Gateway gateway,
        Traffic traffic,
        Peers peers,
        Store store,
        Memory memory,
        WebRtc webRtc,
        Quota quota,
        Limits limits,
        List<Content> top) {

    /**
     * Where pieces are served over HTTP.
     *
     * @param state {@code reached}; {@code unreached}, so that the tracker tells nobody of it; {@code unknown} as long as
     *     the tracker has not said
     * @param problem why it is not reached, and what can be done about it
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Gateway(
            String url, String state, @Nullable String problem) {
        boolean isReached() {
            return state.equals("reached");
        }
    }

    /**
     * What moves.
     *
     * @param sentBytes to peers and over HTTP
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Traffic(
            long upBytesPerSecond,
            long downBytesPerSecond,
            long sentBytes,
            long sentHttpBytes,
            long fetchedOriginBytes,
            long fetchedPagesBytes,
            long fetchedEdgesBytes) {}

    /** Whom it is connected to. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Peers(int webRtc, long http) {}

    /**
     * What it holds.
     *
     * @param hits pieces asked for by others that were held
     * @param misses pieces asked for by others that had to be got first
     * @param failing whether the disk refuses what is written
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Store(long bytes, long pieces, int contents, long hits, long misses, boolean failing) {
        /** Of what was asked for, the part that was held; null before anything was. */
        @Nullable
        Double hitRatio() {
            long asked = hits + misses;
            return asked == 0 ? null : (double) hits / asked;
        }
    }

    /**
     * What the edge's own process occupies; that of WebRTC is beside it.
     *
     * @param heapBytes of Java's heap, garbage included
     * @param pieceBytes of pieces that wait to be sent
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Memory(long heapBytes, long pieceBytes) {}

    /**
     * The processes of WebRTC: one, or two while one is being replaced.
     *
     * @param ready whether peers can connect now
     * @param residentBytes what they occupy of the machine's memory; 0 where the system does not tell
     * @param replaced by another, as it should be now and then
     * @param died though nobody told them to
     * @param problem why peers cannot connect, and what can be done about it, as far as that is known
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WebRtc(
            boolean ready,
            int processes,
            long residentBytes,
            int replaced,
            int died,
            @Nullable String problem) {}

    /** The month's transfer. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Quota(String month, long usedBytes, Instant endsAt) {}

    /**
     * What is in force.
     *
     * @param heapBytes what Java's heap may grow to
     * @param serviceMemoryBytes what both processes together may take before the system ends one; 0 where that is not said
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Limits(
            long uploadBytesPerSecond,
            long downloadBytesPerSecond,
            long monthlyTransferBytes,
            long diskBytes,
            int webRtcPeers,
            int httpConnections,
            int originConnections,
            long webRtcMemoryBytes,
            long pieceMemoryBytes,
            long heapBytes,
            long serviceMemoryBytes,
            long openFiles) {}

    /** A content, and what was sent of it; by a URL that it has, if any is known. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Content(String id, @Nullable String url, long sentBytes) {}
}
