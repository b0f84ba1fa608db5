package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.EdgeProof;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.tracker.gateway.GatewayChecks;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One connection, from its handshake to its end. Made by {@link Signaling#connect}. */
public final class Session implements IndexingEdges.Line, GatewayChecks.Claimant {
    /** How long a client may take to answer a close before it is cut. */
    private static final long CLOSING_MS = 10_000;

    /** A close frame carries at most 123 bytes of reason (RFC 6455 §5.5). */
    private static final int MAX_REASON_BYTES = 123;

    private final Arrival arrival;
    private final Outlet outlet;
    private final long connectedAtMs;
    private final TokenBucket messages;

    private volatile long heardAtMs;
    private volatile @Nullable Membership membership;
    private volatile boolean closing;
    /** Of the heartbeat's thread only. */
    private long pingedAtMs;

    /** When the heartbeat found it closing; of its thread only. */
    private long foundClosingAtMs = -1;

    /** The hello of an edge that was asked to show its key; of the connection's own thread only. */
    private @Nullable Challenged challenged;

    /** What an edge has to answer before it may join. */
    record Challenged(Hello hello, EdgeProof expected) {}

    /**
     * The site that a session joined, as whom, and what it said.
     *
     * @param byToken whether it is an edge whose token was its own when it joined
     */
    record Membership(Room room, Peer peer, Hello hello, boolean byToken) {}

    Session(Arrival arrival, Outlet outlet, long nowMs) {
        this.arrival = arrival;
        this.outlet = outlet;
        this.connectedAtMs = nowMs;
        this.heardAtMs = nowMs;
        this.pingedAtMs = nowMs;
        this.messages = new TokenBucket(Limits.MAX_MESSAGES_PER_SECOND, Limits.MAX_MESSAGE_BURST, nowMs);
    }

    Arrival arrival() {
        return arrival;
    }

    long connectedAtMs() {
        return connectedAtMs;
    }

    /** Null before the hello was accepted. */
    @Nullable
    Membership membership() {
        return membership;
    }

    void challenge(Challenged hello) {
        challenged = hello;
        send(new TrackerMessage.Challenge(hello.expected().challenge()));
    }

    /** What was asked, at most once. */
    @Nullable
    Challenged takeChallenged() {
        Challenged asked = challenged;
        challenged = null;
        return asked;
    }

    boolean isChallenged() {
        return challenged != null;
    }

    void joined(Membership joined) {
        membership = joined;
    }

    /** Whether nothing it says counts any more. */
    boolean isClosing() {
        return closing;
    }

    /** Notes a message; false when there were too many. On the connection's own thread only. */
    boolean mayReceive(long nowMs) {
        heard(nowMs);
        return messages.take(nowMs);
    }

    void heard(long nowMs) {
        heardAtMs = nowMs;
    }

    @Override
    public void send(TrackerMessage message) {
        send(encode(message));
    }

    @Override
    public void reached(boolean isReached) {
        Membership joined = membership;
        if (joined != null) {
            joined.room().reached(this, joined.peer(), isReached);
        }
    }

    void send(byte[] utf8) {
        outlet.send(utf8);
    }

    void close(TrackerCloseCode code, String reason) {
        if (!closing) {
            closing = true;
            outlet.close(code.code(), shorten(reason));
        }
    }

    /** What is due by time alone. */
    void beat(long nowMs) {
        if (membership == null && nowMs - connectedAtMs >= seconds(Limits.HELLO_SECONDS)) {
            close(TrackerCloseCode.HELLO_TIMEOUT, "no hello");
        }
        if (closing) {
            foundClosingAtMs = foundClosingAtMs < 0 ? nowMs : foundClosingAtMs;
            if (nowMs - foundClosingAtMs >= CLOSING_MS) {
                outlet.cut();
            }
            return;
        }
        if (nowMs - heardAtMs >= seconds(Limits.TRACKER_SILENCE_SECONDS)) {
            outlet.cut();
        } else if (nowMs - pingedAtMs >= seconds(Limits.TRACKER_PING_SECONDS)) {
            pingedAtMs = nowMs;
            outlet.ping();
        }
    }

    static byte[] encode(TrackerMessage message) {
        return Messages.encode(message).getBytes(StandardCharsets.UTF_8);
    }

    private static long seconds(int seconds) {
        return seconds * 1000L;
    }

    private static String shorten(String reason) {
        String ascii = reason.replaceAll("[^ -~]", "?");
        return ascii.length() <= MAX_REASON_BYTES ? ascii : ascii.substring(0, MAX_REASON_BYTES);
    }
}
