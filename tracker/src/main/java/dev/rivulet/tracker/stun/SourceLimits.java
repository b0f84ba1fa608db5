package dev.rivulet.tracker.stun;

import dev.rivulet.tracker.signaling.TokenBucket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much anybody may ask: per IPv4 address or IPv6 network of 64 bits, and all together. Whoever forges a sender's
 * address can have that address sent no more than this. Not thread-safe; remembers the {@value #MAX_SOURCES} who asked
 * last.
 */
final class SourceLimits {
    /** Sustained requests per second of one source: a page asks a few times per connection, a carrier's NAT has many. */
    static final int PER_SECOND = 50;

    static final int BURST = 500;

    /** Requests per second of everybody, each of which costs some microseconds. */
    static final int TOTAL_PER_SECOND = 20_000;

    static final int TOTAL_BURST = 40_000;

    /** At about 200 bytes each. */
    static final int MAX_SOURCES = 10_000;

    private static final int NETWORK_BYTES = 8;

    private final TokenBucket total;
    private final Map<Long, TokenBucket> sources = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TokenBucket> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    SourceLimits(long nowMs) {
        this.total = new TokenBucket(TOTAL_PER_SECOND, TOTAL_BURST, nowMs);
    }

    /** Whether the source may have an answer now. */
    boolean admit(InetAddress source, long nowMs) {
        TokenBucket own = sources.computeIfAbsent(network(source), key -> new TokenBucket(PER_SECOND, BURST, nowMs));
        return own.take(nowMs) && total.take(nowMs);
    }

    int size() {
        return sources.size();
    }

    private static long network(InetAddress source) {
        byte[] bytes = source.getAddress();
        // No IPv6 network in use begins with 32 zero bits, so the two kinds do not meet.
        return bytes.length < NETWORK_BYTES
                ? ByteBuffer.wrap(bytes).getInt() & 0xFFFF_FFFFL
                : ByteBuffer.wrap(bytes).getLong();
    }
}
