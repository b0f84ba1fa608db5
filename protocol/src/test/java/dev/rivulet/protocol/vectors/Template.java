package dev.rivulet.protocol.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Expands the templates of vectors/README.md. */
final class Template {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Template() {}

    static JsonNode expand(JsonNode node) {
        if (node instanceof ArrayNode array) {
            return expand(array);
        } else if (node instanceof ObjectNode object) {
            return expand(object);
        }
        return node;
    }

    private static ArrayNode expand(ArrayNode array) {
        ArrayNode expanded = NODES.arrayNode();
        for (JsonNode element : array) {
            if (element.has("$repeat")) {
                JsonNode value = expand(element.get("$repeat"));
                for (int i = 0; i < element.get("count").intValue(); i++) {
                    expanded.add(value);
                }
            } else {
                expanded.add(expand(element));
            }
        }
        return expanded;
    }

    private static JsonNode expand(ObjectNode object) {
        if (object.has("$chars")) {
            return NODES.textNode(
                    object.get("$chars").textValue().repeat(object.get("count").intValue()));
        } else if (object.has("$nest")) {
            JsonNode nested = NODES.numberNode(0);
            for (int i = 0; i < object.get("$nest").intValue(); i++) {
                nested = NODES.objectNode().set("a", nested);
            }
            return nested;
        }
        ObjectNode expanded = NODES.objectNode();
        object.properties().forEach(field -> expanded.set(field.getKey(), expand(field.getValue())));
        return expanded;
    }

    /** The bytes of one part or of a list of parts. */
    static byte[] bytes(JsonNode parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (JsonNode part : parts.isArray() ? parts : NODES.arrayNode().add(parts)) {
            byte[] once = HexFormat.of().parseHex(part.get("hex").textValue());
            for (int i = 0; i < part.path("count").asInt(1); i++) {
                bytes.writeBytes(once);
            }
        }
        return bytes.toByteArray();
    }
}
