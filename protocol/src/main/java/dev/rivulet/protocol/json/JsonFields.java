package dev.rivulet.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, read with their types; each error names its place. Fields that nobody reads are
 * ignored. A field that is present has to have its type: {@code null} is not the same as absent.
 */
public final class JsonFields {
    private final String place;
    private final ObjectNode node;

    JsonFields(String place, ObjectNode node) {
        this.place = place;
        this.node = node;
    }

    /** Makes a value from the text of a JSON string. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String text) throws DecodeException;
    }

    /** Makes a value from a JSON object. */
    @FunctionalInterface
    public interface Decoder<T> {
        T decode(JsonFields fields) throws DecodeException;
    }

    /** Calls a constructor that checks its arguments. */
    @FunctionalInterface
    public interface Maker<T> {
        T make() throws DecodeException;
    }

    /** The same fields under another name, such as the type of the message that they are. */
    public JsonFields named(String name) {
        return new JsonFields(name, node);
    }

    /** The place of a field of this object. */
    public String at(String field) {
        return place + "." + field;
    }

    /** A complaint about a field. */
    public DecodeException refused(String field, String reason) {
        return new DecodeException(at(field), reason);
    }

    /** A complaint about the object as a whole. */
    public DecodeException refused(String reason) {
        return new DecodeException(place, reason);
    }

    /** The one of these fields that is there; refuses none and several. */
    public String exactlyOne(List<String> fields) throws DecodeException {
        List<String> present = fields.stream().filter(this::has).toList();
        if (present.size() != 1) {
            throw refused("not exactly one of " + String.join(", ", fields));
        }
        return present.get(0);
    }

    /** Whether the field is there, {@code null} included. */
    public boolean has(String field) {
        return node.has(field);
    }

    /** Whether the field is there and {@code null}. */
    public boolean isNull(String field) {
        return node.path(field).isNull();
    }

    /** The names of all fields. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Runs a constructor, turning its refusal of a field into one of what was read. */
    public <T> T make(Maker<T> maker) throws DecodeException {
        try {
            return maker.make();
        } catch (InvalidValueException e) {
            DecodeException refused = refused(e.field(), e.reason());
            refused.initCause(e);
            throw refused;
        }
    }

    /** A string. */
    public String text(String field) throws DecodeException {
        return text(required(field), at(field));
    }

    /** A string, or null where the field is absent. */
    public @Nullable String optionalText(String field) throws DecodeException {
        return has(field) ? text(field) : null;
    }

    /** A string that {@code parser} accepts. */
    public <T> T value(String field, Parser<T> parser) throws DecodeException {
        return parsed(text(field), at(field), parser);
    }

    /** As {@link #value}, or null where the field is absent. */
    public <T> @Nullable T optionalValue(String field, Parser<T> parser) throws DecodeException {
        return has(field) ? value(field, parser) : null;
    }

    /** An integer of 0 to {@value Limits#MAX_INTEGER}. */
    public long number(String field) throws DecodeException {
        return number(required(field), at(field));
    }

    /** As {@link #number}, or null where the field is absent. */
    public @Nullable Long optionalNumber(String field) throws DecodeException {
        return has(field) ? (Long) number(field) : null;
    }

    /** An integer of 0 to {@code most}. */
    public int small(String field, int most) throws DecodeException {
        long number = number(field);
        if (number > most) {
            throw refused(field, number + " is more than " + most);
        }
        return (int) number;
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String field) throws DecodeException {
        JsonNode value = required(field);
        if (!value.isBoolean()) {
            throw refused(field, "not true or false");
        }
        return value.booleanValue();
    }

    /** A mark that is either absent (false) or {@code true}. */
    public boolean mark(String field) throws DecodeException {
        if (!has(field)) {
            return false;
        }
        if (!flag(field)) {
            throw refused(field, "true or nothing");
        }
        return true;
    }

    /** An object. */
    public <T> T object(String field, Decoder<T> decoder) throws DecodeException {
        return decoder.decode(object(required(field), at(field)));
    }

    /** As {@link #object}, or null where the field is absent. */
    public <T> @Nullable T optionalObject(String field, Decoder<T> decoder) throws DecodeException {
        return has(field) ? object(field, decoder) : null;
    }

    /** An array of strings that {@code parser} accepts, at most {@code most}. */
    public <T> List<T> values(String field, int most, Parser<T> parser) throws DecodeException {
        List<T> values = new ArrayList<>();
        for (JsonNode element : array(field, most)) {
            String elementPlace = at(field) + "[" + values.size() + "]";
            values.add(parsed(text(element, elementPlace), elementPlace, parser));
        }
        return values;
    }

    /** As {@link #values}, or null where the field is absent. */
    public <T> @Nullable List<T> optionalValues(String field, int most, Parser<T> parser) throws DecodeException {
        return has(field) ? values(field, most, parser) : null;
    }

    /** An array of integers, at most {@code most}. */
    public List<Long> numbers(String field, int most) throws DecodeException {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode element : array(field, most)) {
            numbers.add(number(element, at(field) + "[" + numbers.size() + "]"));
        }
        return numbers;
    }

    /** An array of objects, at most {@code most}. */
    public <T> List<T> objects(String field, int most, Decoder<T> decoder) throws DecodeException {
        List<T> objects = new ArrayList<>();
        for (JsonNode element : array(field, most)) {
            objects.add(decoder.decode(object(element, at(field) + "[" + objects.size() + "]")));
        }
        return objects;
    }

    /** As {@link #objects}, or null where the field is absent. */
    public <T> @Nullable List<T> optionalObjects(String field, int most, Decoder<T> decoder) throws DecodeException {
        return has(field) ? objects(field, most, decoder) : null;
    }

    /** An object whose fields are all strings, in their order. */
    public Map<String, String> textMap(String field) throws DecodeException {
        JsonFields fields = object(required(field), at(field));
        Map<String, String> map = new LinkedHashMap<>();
        for (String name : fields.names()) {
            map.put(name, fields.text(name));
        }
        return map;
    }

    private JsonNode required(String field) throws DecodeException {
        JsonNode value = node.get(field);
        if (value == null) {
            throw refused(field, "missing");
        }
        return value;
    }

    private JsonNode array(String field, int most) throws DecodeException {
        JsonNode value = required(field);
        if (!value.isArray()) {
            throw refused(field, "not an array");
        }
        if (value.size() > most) {
            throw refused(field, value.size() + " elements, more than " + most);
        }
        return value;
    }

    private static String text(JsonNode value, String place) throws DecodeException {
        if (!value.isTextual()) {
            throw new DecodeException(place, "not a string");
        }
        return value.textValue();
    }

    private static long number(JsonNode value, String place) throws DecodeException {
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > Limits.MAX_INTEGER) {
            throw new DecodeException(place, "not an integer of 0 to " + Limits.MAX_INTEGER);
        }
        return value.longValue();
    }

    private static JsonFields object(JsonNode value, String place) throws DecodeException {
        if (!(value instanceof ObjectNode object)) {
            throw new DecodeException(place, "not an object");
        }
        return new JsonFields(place, object);
    }

    private static <T> T parsed(String text, String place, Parser<T> parser) throws DecodeException {
        try {
            return parser.parse(text);
        } catch (DecodeException e) {
            throw e.at(place);
        }
    }
}
