package dev.rivulet.tracker.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.json.Json;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form of a JSON value, read from a Java type: records, enums, texts, numbers, flags, lists, maps from text, and
 * {@link JsonNode} for whatever else. A component may be left out, or be null, where it is {@link Nullable} or an
 * {@link Optional}; every other has to be there, and no key that is no component.
 */
sealed interface Shape {
    /** What is wrong with {@code node}; nothing when it has this form. */
    default List<Complaint> complaints(JsonNode node) {
        List<Complaint> complaints = new ArrayList<>();
        check("", node, complaints);
        return complaints;
    }

    /** Adds what is wrong with the value under {@code key}. */
    void check(String key, JsonNode node, List<Complaint> complaints);

    /** As JSON Schema 2020-12; records are told to {@code named} and referred to. */
    ObjectNode schema(BiConsumer<Class<?>, ObjectNode> named);

    /** The form of values of {@code type}; throws {@link IllegalArgumentException} for a type that has none. */
    static Shape of(Class<?> type) {
        if (type.isRecord()) {
            return Fields.of(type);
        }
        if (type.isEnum()) {
            return new OneOf(Stream.of(type.getEnumConstants())
                    .map(constant -> Bodies.tree(constant).asText())
                    .toList());
        }
        if (JsonNode.class.isAssignableFrom(type)) {
            return new Anything();
        }
        if (type == String.class) {
            return new Plain(Kind.TEXT);
        }
        if (Set.of(long.class, int.class, Long.class, Integer.class).contains(type)) {
            return new Plain(Kind.WHOLE);
        }
        if (Set.of(double.class, Double.class).contains(type)) {
            return new Plain(Kind.NUMBER);
        }
        if (Set.of(boolean.class, Boolean.class).contains(type)) {
            return new Plain(Kind.FLAG);
        }
        throw new IllegalArgumentException(type + " has no form in the API; use a record");
    }

    private static Shape of(AnnotatedType annotated) {
        Shape shape = plain(annotated);
        return isNullable(annotated) ? new OrNull(shape) : shape;
    }

    private static Shape plain(AnnotatedType annotated) {
        if (!(annotated instanceof AnnotatedParameterizedType parameterized)) {
            return of((Class<?>) annotated.getType());
        }
        Class<?> raw = (Class<?>) ((ParameterizedType) annotated.getType()).getRawType();
        AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
        if (raw == Optional.class) {
            return new OrNull(of(arguments[0]));
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return new ListOf(of(arguments[0]));
        }
        if (Map.class.isAssignableFrom(raw) && arguments[0].getType() == String.class) {
            return new MapOf(of(arguments[1]));
        }
        throw new IllegalArgumentException(annotated + " has no form in the API; use a record");
    }

    private static boolean isNullable(AnnotatedElement type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    /** What is neither a list nor has keys. */
    enum Kind {
        TEXT("string", "write text"),
        WHOLE("integer", "write a whole number"),
        NUMBER("number", "write a number"),
        FLAG("boolean", "write true or false");

        private final String schema;
        private final String remedy;

        Kind(String schema, String remedy) {
            this.schema = schema;
            this.remedy = remedy;
        }

        private boolean fits(JsonNode node) {
            return switch (this) {
                case TEXT -> node.isTextual();
                case WHOLE -> node.isIntegralNumber() && node.canConvertToLong();
                case NUMBER -> node.isNumber();
                case FLAG -> node.isBoolean();
            };
        }
    }

    record Plain(Kind kind) implements Shape {
        @Override
        public void check(String key, JsonNode node, List<Complaint> complaints) {
            if (!kind.fits(node)) {
                complaints.add(new Complaint(key, kind.remedy));
            }
        }

        @Override
        public ObjectNode schema(BiConsumer<Class<?>, ObjectNode> named) {
            return Json.object().put("type", kind.schema);
        }
    }

    record OneOf(List<String> choices) implements Shape {
        @Override
        public void check(String key, JsonNode node, List<Complaint> complaints) {
            if (!node.isTextual() || !choices.contains(node.textValue())) {
                complaints.add(new Complaint(key, "write one of " + String.join(", ", choices)));
            }
        }

        @Override
        public ObjectNode schema(BiConsumer<Class<?>, ObjectNode> named) {
            ObjectNode schema = Json.object().put("type", "string");
            ArrayNode values = schema.putArray("enum");
            choices.forEach(values::add);
            return schema;
        }
    }

    record Anything() implements Shape {
        @Override
        public void check(String key, JsonNode node, List<Complaint> complaints) {}

        @Override
        public ObjectNode schema(BiConsumer<Class<?>, ObjectNode> named) {
            return Json.object();
        }
    }

    record OrNull(Shape shape) implements Shape {
        @Override
        public void check(String key, JsonNode node, List<Complaint> complaints) {
            if (!node.isNull()) {
                shape.check(key, node, complaints);
            }
        }

        @Override
        public ObjectNode schema(BiConsumer<Class<?>, ObjectNode> named) {
            ObjectNode schema = Json.object();
            schema.putArray("anyOf").add(shape.schema(named)).addObject().put("type", "null");
            return schema;
        }
    }

    record ListOf(Shape element) implements Shape {
        @Override
        public void check(String key, JsonNode node, List<Complaint> complaints) {
            if (!node.isArray()) {
                complaints.add(new Complaint(key, "write a list"));
                return;
            }
            for (int i = 0; i < node.size(); i++) {
                element.check(key + "[" + i + "]", node.get(i), complaints);
            }
        }

        @Override
        public ObjectNode schema(BiConsumer<Class<?>, ObjectNode> named) {
            return Json.object().put("type", "array").set("items", element.schema(named));
        }
    }

    record MapOf(Shape value) implements Shape {
        @Override
        public void check(String key, JsonNode node, List<Complaint> complaints) {
            if (!node.isObject()) {
                complaints.add(new Complaint(key, "write an object"));
                return;
            }
            node.properties().forEach(each -> value.check(under(key, each.getKey()), each.getValue(), complaints));
        }

        @Override
        public ObjectNode schema(BiConsumer<Class<?>, ObjectNode> named) {
            return Json.object().put("type", "object").set("additionalProperties", value.schema(named));
        }
    }

    /** A record's components. */
    record Fields(Class<?> type, Map<String, Field> fields) implements Shape {
        record Field(Shape shape, String help) {
            boolean required() {
                return !(shape instanceof OrNull);
            }
        }

        static Fields of(Class<?> type) {
            Map<String, Field> fields = new LinkedHashMap<>();
            for (RecordComponent component : type.getRecordComponents()) {
                Help help = component.getAnnotation(Help.class);
                fields.put(
                        nameOf(component),
                        new Field(Shape.of(component.getAnnotatedType()), help == null ? "" : help.value()));
            }
            return new Fields(type, fields);
        }

        private static String nameOf(RecordComponent component) {
            JsonProperty other = component.getAccessor().getAnnotation(JsonProperty.class);
            return other == null ? component.getName() : other.value();
        }

        @Override
        public void check(String key, JsonNode node, List<Complaint> complaints) {
            if (!node.isObject()) {
                complaints.add(new Complaint(key, "write an object with " + String.join(", ", fields.keySet())));
                return;
            }
            node.fieldNames().forEachRemaining(name -> {
                if (!fields.containsKey(name)) {
                    complaints.add(new Complaint(
                            under(key, name), "is no key here; write one of " + String.join(", ", fields.keySet())));
                }
            });
            fields.forEach((name, field) -> {
                JsonNode value = node.get(name);
                if (value != null) {
                    field.shape().check(under(key, name), value, complaints);
                } else if (field.required()) {
                    complaints.add(new Complaint(under(key, name), "is missing"));
                }
            });
        }

        @Override
        public ObjectNode schema(BiConsumer<Class<?>, ObjectNode> named) {
            ObjectNode schema = Json.object().put("type", "object");
            ObjectNode properties = schema.putObject("properties");
            ArrayNode required = schema.putArray("required");
            fields.forEach((name, field) -> {
                ObjectNode property = field.shape().schema(named);
                if (!field.help().isEmpty()) {
                    property.put("description", field.help());
                }
                properties.set(name, property);
                if (field.required()) {
                    required.add(name);
                }
            });
            schema.put("additionalProperties", false);
            named.accept(type, schema);
            return Json.object().put("$ref", "#/components/schemas/" + OpenApi.nameOf(type));
        }
    }

    private static String under(String key, String name) {
        return key.isEmpty() ? name : key + "." + name;
    }
}
