package dev.rivulet.protocol.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import dev.rivulet.protocol.message.SignalBody.Answer;
import dev.rivulet.protocol.message.SignalBody.Candidate;
import dev.rivulet.protocol.message.SignalBody.Close;
import dev.rivulet.protocol.message.SignalBody.Offer;
import java.util.List;

/** The part of {@code signal} that client and tracker pass on unchanged. */
final class SignalCodec {
    private static final List<String> BODIES = List.of("offer", "answer", "candidate", "close");

    private SignalCodec() {}

    static SignalBody decode(JsonFields fields) throws DecodeException {
        return switch (fields.exactlyOne(BODIES)) {
            case "offer" -> fields.make(() -> new Offer(fields.text("offer")));
            case "answer" -> fields.make(() -> new Answer(fields.text("answer")));
            case "candidate" -> fields.object("candidate", SignalCodec::candidate);
            default -> {
                fields.mark("close");
                yield new Close();
            }
        };
    }

    private static Candidate candidate(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Candidate(
                fields.text("candidate"),
                fields.optionalText("sdpMid"),
                fields.has("sdpMLineIndex")
                        ? (Integer) fields.small("sdpMLineIndex", Limits.MAX_SDP_LINE_INDEX)
                        : null));
    }

    static ObjectNode encode(ObjectNode node, SignalBody body) {
        if (body instanceof Offer offer) {
            node.put("offer", offer.sdp());
        } else if (body instanceof Answer answer) {
            node.put("answer", answer.sdp());
        } else if (body instanceof Candidate candidate) {
            node.set("candidate", encode(candidate));
        } else {
            node.put("close", true);
        }
        return node;
    }

    private static ObjectNode encode(Candidate candidate) {
        ObjectNode node = Json.object().put("candidate", candidate.line());
        if (candidate.sdpMid() != null) {
            node.put("sdpMid", candidate.sdpMid());
        }
        if (candidate.sdpMLineIndex() != null) {
            node.put("sdpMLineIndex", candidate.sdpMLineIndex());
        }
        return node;
    }
}
