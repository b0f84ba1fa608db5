package dev.rivulet.protocol.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.nio.charset.StandardCharsets;

/** The one door between messages and their JSON text. */
public final class Messages {
    private static final String PLACE = "message";

    private Messages() {}

    /** Reads what a client sent to a tracker; {@link Unknown} for other types than ours. */
    public static ClientMessage decodeClient(String text) throws DecodeException {
        JsonFields fields = parse(text, Limits.MAX_TRACKER_MESSAGE_BYTES);
        String type = type(fields);
        return ClientCodec.decode(type, fields.named(type));
    }

    /** Reads what a tracker sent; {@link Unknown} for other types than ours. */
    public static TrackerMessage decodeTracker(String text) throws DecodeException {
        JsonFields fields = parse(text, Limits.MAX_TRACKER_MESSAGE_BYTES);
        String type = type(fields);
        return TrackerCodec.decode(type, fields.named(type));
    }

    /** Reads what a peer sent on the control channel; {@link Unknown} for other types than ours. */
    public static ControlMessage decodeControl(String text) throws DecodeException {
        JsonFields fields = parse(text, Limits.MAX_CONTROL_MESSAGE_BYTES);
        String type = type(fields);
        return ControlCodec.decode(type, fields.named(type));
    }

    /**
     * The text of a message to a tracker.
     *
     * @throws IllegalArgumentException when it is longer than a message may be
     */
    public static String encode(ClientMessage message) {
        return write(ClientCodec.encode(message), Limits.MAX_TRACKER_MESSAGE_BYTES);
    }

    /**
     * The text of a tracker's message.
     *
     * @throws IllegalArgumentException when it is longer than a message may be
     */
    public static String encode(TrackerMessage message) {
        return write(TrackerCodec.encode(message), Limits.MAX_TRACKER_MESSAGE_BYTES);
    }

    /**
     * The text of a control message.
     *
     * @throws IllegalArgumentException when it is longer than a message may be
     */
    public static String encode(ControlMessage message) {
        return write(ControlCodec.encode(message), Limits.MAX_CONTROL_MESSAGE_BYTES);
    }

    private static JsonFields parse(String text, int mostBytes) throws DecodeException {
        if (isLonger(text, mostBytes)) {
            throw new DecodeException(PLACE, "longer than " + mostBytes + " bytes");
        }
        return Json.parse(PLACE, text);
    }

    private static String type(JsonFields fields) throws DecodeException {
        String type = fields.text("type");
        if (type.isEmpty()) {
            throw fields.refused("type", "empty");
        }
        return type;
    }

    private static String write(ObjectNode node, int mostBytes) {
        String text = Json.write(node);
        if (isLonger(text, mostBytes)) {
            throw new IllegalArgumentException("a message longer than " + mostBytes + " bytes");
        }
        return text;
    }

    private static boolean isLonger(String text, int mostBytes) {
        // UTF-8 needs at most three bytes for a UTF-16 unit, so most texts need no counting.
        return text.length() * 3L > mostBytes && text.getBytes(StandardCharsets.UTF_8).length > mostBytes;
    }
}
