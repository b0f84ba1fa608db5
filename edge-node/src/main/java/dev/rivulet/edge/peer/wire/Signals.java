package dev.rivulet.edge.peer.wire;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How signals and ICE servers are written: fields one after another, a text as its length in bytes (int) and UTF-8,
 * nothing as the length -1. No JSON here: its library would cost the WebRTC process time to start and memory.
 */
public final class Signals {
    private static final byte OFFER = 0;
    private static final byte ANSWER = 1;
    private static final byte CANDIDATE = 2;
    private static final byte CLOSE = 3;

    private static final int ABSENT = -1;

    private Signals() {}

    /** Writes a signal. */
    public static ByteBuffer encode(SignalBody signal) {
        ByteBuffer target = ByteBuffer.allocate(Frame.MAX_PAYLOAD_BYTES);
        put(target, signal);
        return exact(target);
    }

    /** Writes ICE servers. */
    public static ByteBuffer encode(List<IceServer> ice) {
        ByteBuffer target = ByteBuffer.allocate(Frame.MAX_PAYLOAD_BYTES);
        put(target, ice);
        return exact(target);
    }

    /** Writes ICE servers and an offer. */
    public static ByteBuffer encode(List<IceServer> ice, SignalBody.Offer offer) {
        ByteBuffer target = ByteBuffer.allocate(Frame.MAX_PAYLOAD_BYTES);
        put(target, ice);
        put(target, offer);
        return exact(target);
    }

    /** Reads a signal. */
    public static SignalBody signal(ByteBuffer source) throws DecodeException {
        try {
            return read(source);
        } catch (BufferUnderflowException | InvalidValueException e) {
            throw new DecodeException("signal", String.valueOf(e.getMessage()));
        }
    }

    /** Reads ICE servers; a signal may follow. */
    public static List<IceServer> ice(ByteBuffer source) throws DecodeException {
        try {
            int count = count(source, Limits.MAX_ICE_SERVERS);
            List<IceServer> servers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                List<String> urls = new ArrayList<>();
                for (int left = count(source, Limits.MAX_ICE_URLS); left > 0; left--) {
                    urls.add(text(source));
                }
                servers.add(new IceServer(urls, optional(source), optional(source)));
            }
            return servers;
        } catch (BufferUnderflowException | InvalidValueException e) {
            throw new DecodeException("ice", String.valueOf(e.getMessage()));
        }
    }

    /** Reads a text that is a payload of its own. */
    public static String wholeText(ByteBuffer payload) {
        return StandardCharsets.UTF_8.decode(payload).toString();
    }

    private static void put(ByteBuffer target, SignalBody signal) {
        if (signal instanceof SignalBody.Offer offer) {
            put(target.put(OFFER), offer.sdp());
        } else if (signal instanceof SignalBody.Answer answer) {
            put(target.put(ANSWER), answer.sdp());
        } else if (signal instanceof SignalBody.Candidate candidate) {
            put(target.put(CANDIDATE), candidate.line());
            put(target, candidate.sdpMid());
            Integer index = candidate.sdpMLineIndex();
            target.putInt(index == null ? ABSENT : index);
        } else {
            target.put(CLOSE);
        }
    }

    private static SignalBody read(ByteBuffer source) throws DecodeException {
        byte kind = source.get();
        return switch (kind) {
            case OFFER -> new SignalBody.Offer(text(source));
            case ANSWER -> new SignalBody.Answer(text(source));
            case CANDIDATE -> {
                String line = text(source);
                String mid = optional(source);
                int index = source.getInt();
                yield new SignalBody.Candidate(line, mid, index == ABSENT ? null : (Integer) index);
            }
            case CLOSE -> new SignalBody.Close();
            default -> throw new DecodeException("signal", "is of kind " + kind);
        };
    }

    private static void put(ByteBuffer target, List<IceServer> ice) {
        target.putInt(ice.size());
        for (IceServer server : ice) {
            target.putInt(server.urls().size());
            server.urls().forEach(url -> put(target, url));
            put(target, server.username());
            put(target, server.credential());
        }
    }

    private static void put(ByteBuffer target, @Nullable String text) {
        if (text == null) {
            target.putInt(ABSENT);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        target.putInt(bytes.length).put(bytes);
    }

    private static ByteBuffer exact(ByteBuffer target) {
        target.flip();
        return ByteBuffer.allocate(target.remaining()).put(target).flip();
    }

    private static int count(ByteBuffer source, int most) throws DecodeException {
        int count = source.getInt();
        if (count < 0 || count > most) {
            throw new DecodeException("count", "is " + count);
        }
        return count;
    }

    private static String text(ByteBuffer source) throws DecodeException {
        String text = optional(source);
        if (text == null) {
            throw new DecodeException("text", "is missing");
        }
        return text;
    }

    private static @Nullable String optional(ByteBuffer source) throws DecodeException {
        int length = source.getInt();
        if (length == ABSENT) {
            return null;
        }
        if (length < 0 || length > source.remaining()) {
            throw new DecodeException("text", "of " + length + " bytes where " + source.remaining() + " are");
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
