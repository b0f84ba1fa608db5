package dev.rivulet.tracker.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** Turns JSON into records and back. */
final class Bodies {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.MAX_JSON_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS))
            .addModule(new Jdk8Module())
            .build();

    private Bodies() {}

    /** The text of an answer; the same for equal answers. */
    static byte[] write(Object answer) {
        try {
            return MAPPER.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(answer.getClass() + " cannot be written as JSON", e);
        }
    }

    /** A value as it stands in JSON. */
    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** What a body says; refuses what {@code shape} does not allow. */
    static <T> T read(byte[] utf8, Shape shape, Class<T> type) throws Refusal {
        JsonNode node;
        try {
            node = MAPPER.readTree(utf8);
        } catch (IOException e) {
            String reason = e instanceof JsonProcessingException json ? json.getOriginalMessage() : "not JSON";
            throw Refusal.of(StatusCodes.BAD_REQUEST, "malformed", "The body is not JSON: " + reason);
        }
        List<Complaint> complaints = shape.complaints(node);
        if (!complaints.isEmpty()) {
            throw Refusal.invalid(complaints);
        }
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JsonMappingException e) {
            throw explain(e);
        } catch (JsonProcessingException e) {
            throw Refusal.invalid("", e.getOriginalMessage());
        }
    }

    /** A record refused its components; or a type of one of them its text. */
    private static Refusal explain(JsonMappingException e) {
        String place = place(e);
        Throwable cause = e.getCause();
        if (cause instanceof InvalidValueException invalid) {
            return Refusal.invalid(place.isEmpty() ? invalid.field() : place + "." + invalid.field(), invalid.reason());
        }
        if (cause instanceof DecodeException decode) {
            return Refusal.invalid(place, decode.reason());
        }
        return Refusal.invalid(
                place,
                cause instanceof IllegalArgumentException
                        ? String.valueOf(cause.getMessage())
                        : e.getOriginalMessage());
    }

    private static String place(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }
}
