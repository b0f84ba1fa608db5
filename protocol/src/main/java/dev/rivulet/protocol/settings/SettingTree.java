package dev.rivulet.protocol.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks a tree of values along the record types that it is meant for; what does not fit is passed over. */
final class SettingTree {
    private static final PropertyNamingStrategies.KebabCaseStrategy KEBAB =
            new PropertyNamingStrategies.KebabCaseStrategy();

    private SettingTree() {}

    /** Sees every setting, parents before children; may change the parent, for what it puts there is walked next. */
    interface Visitor {
        void visit(String key, ObjectNode parent, Component component);
    }

    /** A record component that carries {@link Setting}. */
    record Component(String name, Class<?> raw, Type type, Setting setting, boolean nullable) {
        static Component of(RecordComponent component, Setting setting) {
            return new Component(
                    KEBAB.translate(component.getName()),
                    component.getType(),
                    component.getGenericType(),
                    setting,
                    component.getAnnotatedType().isAnnotationPresent(Nullable.class));
        }

        boolean isSection() {
            return SettingTree.isSection(raw);
        }

        boolean isList() {
            return Collection.class.isAssignableFrom(raw);
        }

        boolean isMap() {
            return Map.class.isAssignableFrom(raw);
        }

        /** Whether the value is written as plain text, whatever that text looks like to YAML. */
        boolean isText() {
            return !isSection()
                    && !isList()
                    && !isMap()
                    && !raw.isPrimitive()
                    && raw != Boolean.class
                    && !Number.class.isAssignableFrom(raw);
        }
    }

    /** Whether the type is a record of settings, as opposed to one that is written as text. */
    static boolean isSection(Class<?> type) {
        if (!type.isRecord()) {
            return false;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getAnnotation(Setting.class) != null) {
                return true;
            }
        }
        return false;
    }

    /** The settings of a section, in their order. */
    static void components(Class<?> section, Consumer<Component> action) {
        for (RecordComponent each : section.getRecordComponents()) {
            Setting setting = each.getAnnotation(Setting.class);
            if (setting == null) {
                throw new IllegalArgumentException(section.getName() + "." + each.getName() + " lacks @Setting");
            }
            action.accept(Component.of(each, setting));
        }
    }

    static void walk(Class<?> section, ObjectNode node, String path, Visitor visitor) {
        components(section, component -> {
            String key = path.isEmpty() ? component.name() : path + "." + component.name();
            visitor.visit(key, node, component);
            descend(component.type(), node.get(component.name()), key, visitor);
        });
    }

    private static void descend(Type type, @Nullable JsonNode node, String key, Visitor visitor) {
        if (type instanceof Class<?> section && isSection(section) && node instanceof ObjectNode object) {
            walk(section, object, key, visitor);
        } else if (type instanceof ParameterizedType generic && node != null && node.isObject()) {
            Type valueType = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            node.properties()
                    .forEach(field -> descend(valueType, field.getValue(), key + "." + field.getKey(), visitor));
        } else if (type instanceof ParameterizedType generic && node != null && node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                descend(generic.getActualTypeArguments()[0], node.get(i), key + "[" + i + "]", visitor);
            }
        }
    }
}
