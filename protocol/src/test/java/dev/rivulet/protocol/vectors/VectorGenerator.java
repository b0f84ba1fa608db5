package dev.rivulet.protocol.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.TrackerCloseCode;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the vector files that are not written by hand: signatures, and the list of limits. {@code main} writes them;
 * {@link GeneratedVectorsTest} says when they are out of date.
 */
final class VectorGenerator {
    private VectorGenerator() {}

    /** Writes the files, from the module's folder. */
    public static void main(String[] arguments) throws IOException {
        for (Map.Entry<String, String> file : generate().entrySet()) {
            Files.writeString(VectorFile.FOLDER.resolve(file.getKey()), file.getValue());
        }
    }

    /** Text by name of file. */
    static Map<String, String> generate() {
        return new TreeMap<>(Map.of(
                "catalog.json",
                file("What a verifier of heads and batches takes (docs/protocol.md section 4.1)", catalog()),
                "limits.json",
                file("The limits and close codes of docs/protocol.md", limits())));
    }

    private static String file(String description, List<JsonNode> cases) {
        return cases.stream()
                .map(JsonNode::toString)
                .collect(Collectors.joining(
                        ",\n",
                        "{\n\"description\": \"" + description
                                + "\",\n\"languages\": [\"java\", \"typescript\"],\n\"cases\": [\n",
                        "\n]\n}\n"));
    }

    private static List<JsonNode> catalog() {
        return Stream.of(HeadCases.all(), DelegationCases.all(), BatchCases.all())
                .flatMap(List::stream)
                .map(CatalogCase::build)
                .toList();
    }

    private static List<JsonNode> limits() {
        List<JsonNode> cases = new ArrayList<>();
        for (Field field : Limits.class.getFields()) {
            cases.add(limit("limit", field.getName(), value(field)));
        }
        Arrays.stream(TrackerCloseCode.values())
                .forEach(code -> cases.add(limit("tracker-close", code.name(), code.code())));
        Arrays.stream(PeerCloseCode.values()).forEach(code -> cases.add(limit("peer-close", code.name(), code.code())));
        return cases;
    }

    private static long value(Field field) {
        try {
            return ((Number) field.get(null)).longValue();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode limit(String kind, String constant, long value) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", kind + " " + constant)
                .put("kind", kind)
                .put("constant", constant)
                .put("value", value)
                .put("valid", true);
    }
}
