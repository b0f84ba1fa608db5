package dev.rivulet.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Function;

/** Strict RFC 8259 text, as docs/protocol.md section 2 narrows it. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.MAX_JSON_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * The object that {@code text} is, one value and nothing after it.
     *
     * @param place what the text is, for errors
     */
    public static JsonFields parse(String place, String text) throws DecodeException {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new DecodeException(place, "not JSON as the protocol has it: " + e.getOriginalMessage());
        }
        if (!(node instanceof ObjectNode object)) {
            throw new DecodeException(place, "not a JSON object");
        }
        refuseFractions(place, object);
        return new JsonFields(place, object);
    }

    /** As {@link #parse(String, String)}, from UTF-8. */
    public static JsonFields parse(String place, byte[] utf8) throws DecodeException {
        try {
            return parse(
                    place,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(utf8))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new DecodeException(place, "not UTF-8");
        }
    }

    /** A new object to fill. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** An array of the texts of {@code values}. */
    public static <T> ArrayNode texts(Collection<T> values, Function<T, String> text) {
        ArrayNode array = MAPPER.createArrayNode();
        values.forEach(value -> array.add(text.apply(value)));
        return array;
    }

    /** An array of the nodes of {@code values}. */
    public static <T> ArrayNode nodes(Collection<T> values, Function<T, ? extends JsonNode> node) {
        ArrayNode array = MAPPER.createArrayNode();
        values.forEach(value -> array.add(node.apply(value)));
        return array;
    }

    /** The text of a node: fields in the order they were put, no white space. */
    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain nodes has a text", e);
        }
    }

    private static void refuseFractions(String place, JsonNode node) throws DecodeException {
        if (node.isFloatingPointNumber()) {
            throw new DecodeException(place, "a number with a fraction or an exponent");
        }
        for (JsonNode child : node) {
            refuseFractions(place, child);
        }
    }
}
