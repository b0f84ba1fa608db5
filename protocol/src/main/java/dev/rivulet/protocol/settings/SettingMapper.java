package dev.rivulet.protocol.settings;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The one place that knows Jackson: parses, binds and prints, and turns its errors into {@link ConfigException}s. */
final class SettingMapper {
    private static final YAMLMapper YAML = mapper();

    /** Of text with a form of its own: what it takes when it is given as something else, such as a number without its unit. */
    private static final Map<Class<?>, String> REMEDIES = Map.of(
            ByteSize.class, ByteSize.REMEDY,
            Duration.class, DurationText.REMEDY,
            ListenAddress.class, ListenAddress.REMEDY);

    private final Map<String, String> origins;
    private final Set<String> secrets;

    /**
     * @param origins where the value of a key came from, when not from the file
     * @param secrets keys whose values no error may quote
     */
    SettingMapper(Map<String, String> origins, Set<String> secrets) {
        this.origins = origins;
        this.secrets = secrets;
    }

    static ObjectNode emptyObject() {
        return JsonNodeFactory.instance.objectNode();
    }

    static JsonNode text(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }

    static JsonNode parse(String yaml) throws JsonProcessingException {
        return YAML.readTree(yaml);
    }

    static ObjectNode parseFile(String fileName, String yaml) {
        try {
            JsonNode tree = parse(yaml);
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return emptyObject();
            }
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw new ConfigException(fileName, null, "write keys and values, such as listen: 127.0.0.1:7070");
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " in line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new ConfigException(fileName, null, "correct the YAML" + place + ": " + firstLine(e));
        }
    }

    static ObjectNode toTree(Record settings) {
        return YAML.valueToTree(settings);
    }

    static String print(ObjectNode tree) {
        try {
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    <T> T bind(ObjectNode tree, Class<T> type) {
        try {
            return YAML.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            throw explain(e, tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private ConfigException explain(JsonMappingException e, ObjectNode tree) {
        String key = pathOf(e);
        if (e.getCause() instanceof ConfigException inner) {
            String innerKey = key.isEmpty() ? inner.key() : key + "." + inner.key();
            return new ConfigException(innerKey, withOrigin(innerKey, inner.value()), inner.remedy());
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return new ConfigException(key, null, "is not a setting; remove it or use one of " + known);
        }
        return new ConfigException(key, withOrigin(key, secrets.contains(key) ? null : valueAt(e, tree)), remedy(e));
    }

    private @Nullable String withOrigin(String key, @Nullable String value) {
        String origin = origins.get(key);
        return origin == null ? value : (value == null ? "" : value + " ") + "(" + origin + ")";
    }

    private static String remedy(JsonMappingException e) {
        if (e.getCause() instanceof IllegalArgumentException wrong && wrong.getMessage() != null) {
            return wrong.getMessage();
        }
        if (!(e instanceof MismatchedInputException mismatch) || mismatch.getTargetType() == null) {
            return firstLine(e);
        }
        Class<?> wanted = mismatch.getTargetType();
        if (wanted.isEnum()) {
            return "write one of "
                    + Arrays.stream(wanted.getEnumConstants())
                            .map(constant -> YAML.convertValue(constant, String.class))
                            .collect(Collectors.joining(", "));
        }
        return REMEDIES.getOrDefault(wanted, "write " + describe(wanted));
    }

    private static String describe(Class<?> wanted) {
        if (wanted == boolean.class || wanted == Boolean.class) {
            return "true or false";
        }
        if (wanted.isPrimitive() || Number.class.isAssignableFrom(wanted)) {
            return "a number";
        }
        if (Collection.class.isAssignableFrom(wanted)) {
            return "a list, such as [a, b]";
        }
        if (Map.class.isAssignableFrom(wanted) || SettingTree.isSection(wanted)) {
            return "keys and values, indented below it";
        }
        return "text, in quotes if it looks like a number";
    }

    private static @Nullable String valueAt(JsonMappingException e, ObjectNode tree) {
        JsonNode node = tree;
        for (JsonMappingException.Reference step : e.getPath()) {
            JsonNode next = step.getFieldName() != null ? node.get(step.getFieldName()) : node.get(step.getIndex());
            if (next == null) {
                return null;
            }
            node = next;
        }
        return node.isValueNode() ? node.asText() : null;
    }

    private static String pathOf(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    }

    private static YAMLMapper mapper() {
        YAMLFactory factory = YAMLFactory.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        YAMLMapper.Builder builder = YAMLMapper.builder(factory)
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .addModule(DurationText.module())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
        return builder.withCoercionConfig(LogicalType.Textual, config -> config.setCoercion(
                                CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }
}
