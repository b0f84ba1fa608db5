package dev.rivulet.protocol.settings;

import dev.rivulet.protocol.settings.SettingTree.Component;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/** Renders the reference of a configuration record from its {@link Setting}s, so that the page cannot drift from it. */
public final class SettingsReference {
    private final String environmentPrefix;
    private final StringBuilder rows = new StringBuilder();

    private SettingsReference(String environmentPrefix) {
        this.environmentPrefix = environmentPrefix;
    }

    /**
     * A Markdown table of all keys of {@code type}, in their order. {@code NAME} stands for a key that the operator
     * chooses, {@code []} for the elements of a list.
     */
    public static String markdown(Class<? extends Record> type, String environmentPrefix) {
        SettingsReference reference = new SettingsReference(environmentPrefix);
        reference.addAll(type, "", true);
        return "| key | environment | default | meaning |\n|---|---|---|---|\n" + reference.rows;
    }

    private void addAll(Class<?> section, String path, boolean settable) {
        SettingTree.components(section, component -> add(component, path, settable));
    }

    private void add(Component component, String path, boolean settable) {
        String key = path.isEmpty() ? component.name() : path + "." + component.name();
        boolean hasVariable = settable && !component.isSection();
        String variable = hasVariable ? "`" + Settings.variable(environmentPrefix, key) + "`" : "";
        rows.append("| `").append(key).append("` | ").append(variable);
        rows.append(" | ").append(fallback(component)).append(" | ");
        rows.append(component.setting().help().replace("|", "\\|")).append(bounds(component.setting()));
        rows.append(" |\n");
        Class<?> below = component.isSection() ? component.raw() : elementType(component.type());
        if (SettingTree.isSection(below)) {
            addAll(below, key + suffix(component), settable && component.isSection());
        }
    }

    private static Class<?> elementType(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (arguments[arguments.length - 1] instanceof Class<?> element) {
                return element;
            }
        }
        return Object.class;
    }

    private static String suffix(Component component) {
        if (component.isSection()) {
            return "";
        }
        return component.isMap() ? ".NAME" : "[]";
    }

    private static String fallback(Component component) {
        String fallback = component.setting().fallback();
        if (!fallback.isEmpty()) {
            return "`" + fallback.replace("|", "\\|") + "`";
        }
        if (component.isSection()) {
            return "";
        }
        boolean optional = component.isList() || component.isMap() || component.nullable();
        return optional ? "none" : "required";
    }

    private static String bounds(Setting setting) {
        if (setting.min() == Long.MIN_VALUE || setting.max() == Long.MAX_VALUE) {
            return "";
        }
        return " " + setting.min() + " to " + setting.max() + ".";
    }
}
