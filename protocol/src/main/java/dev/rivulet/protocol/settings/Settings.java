package dev.rivulet.protocol.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.settings.SettingTree.Component;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the configuration record {@code T}, whose components all carry {@link Setting}. Keys are the components' names
 * in kebab-case; a key's environment variable is the prefix and the key in capitals, with {@code _} for {@code .} and
 * {@code -}. A package names its own defaults in variables that have {@value #DEFAULT} after the prefix; they yield to
 * every other source. Immutable.
 */
public final class Settings<T extends Record> {
    /** What is printed in place of a secret. */
    public static final String MASK = "***";

    /** After the prefix, in the variable of a default. */
    static final String DEFAULT = "DEFAULT_";

    private final Class<T> type;
    private final String environmentPrefix;
    private final Map<String, Component> byKey = new TreeMap<>();

    private Settings(Class<T> type, String environmentPrefix) {
        this.type = type;
        this.environmentPrefix = environmentPrefix;
        ObjectNode sections = SettingMapper.emptyObject();
        SettingTree.walk(type, sections, "", (key, parent, component) -> {
            if (component.isSection()) {
                parent.putObject(component.name());
            } else {
                byKey.put(key, component);
            }
        });
    }

    /** Reads {@code type}; the environment prefix is such as {@code RIVULET_TRACKER_}. */
    public static <T extends Record> Settings<T> of(Class<T> type, String environmentPrefix) {
        return new Settings<>(type, environmentPrefix);
    }

    /** Merges and binds; throws {@link ConfigException} when any key is unknown, missing, of the wrong type or out of range */
    public T read(Sources sources) {
        ObjectNode tree = SettingMapper.parseFile(sources.fileName(), sources.yaml());
        Map<String, String> origins = new HashMap<>();
        byKey.forEach((key, component) -> {
            String byDefault = defaultVariableOf(key);
            String fromPackage = sources.environment().get(byDefault);
            if (fromPackage != null && !isGiven(tree, key)) {
                put(tree, key, component, fromPackage);
                origins.put(key, "environment variable " + byDefault);
            }
            String variable = variableOf(key);
            String fromEnvironment = sources.environment().get(variable);
            if (fromEnvironment != null) {
                put(tree, key, component, fromEnvironment);
                origins.put(key, "environment variable " + variable);
            }
            String fromFlag = sources.flags().get(key);
            if (fromFlag != null) {
                put(tree, key, component, fromFlag);
                origins.put(key, "flag --" + key);
            }
        });
        SettingTree.walk(type, tree, "", this::fill);
        Set<String> secrets = new HashSet<>();
        SettingTree.walk(type, tree, "", (key, parent, component) -> {
            checkRange(key, parent, component);
            if (component.setting().secret()) {
                secrets.add(key);
            }
        });
        return new SettingMapper(origins, secrets).bind(tree, type);
    }

    /** The effective configuration as YAML, which {@link #read} takes back but for the masked secrets. */
    public String print(T settings) {
        ObjectNode tree = SettingMapper.toTree(settings);
        SettingTree.walk(type, tree, "", (key, parent, component) -> {
            if (component.setting().secret() && parent.hasNonNull(component.name())) {
                mask(parent, component.name());
            }
        });
        return SettingMapper.print(tree);
    }

    /** Variables that begin with the prefix and name no setting: perhaps typing errors, perhaps another program's. */
    public List<String> unknownVariables(Map<String, String> environment) {
        List<String> known = byKey.keySet().stream().map(this::variableOf).toList();
        List<String> defaults =
                byKey.keySet().stream().map(this::defaultVariableOf).toList();
        return environment.keySet().stream()
                .filter(name -> name.startsWith(environmentPrefix) && !known.contains(name) && !defaults.contains(name))
                .sorted()
                .toList();
    }

    /** The environment variable of a key. */
    public String variableOf(String key) {
        return variable(environmentPrefix, key);
    }

    private String defaultVariableOf(String key) {
        return variable(environmentPrefix + DEFAULT, key);
    }

    private static boolean isGiven(ObjectNode tree, String key) {
        JsonNode value = tree.at("/" + key.replace('.', '/'));
        return !value.isMissingNode() && !value.isNull();
    }

    /** What a key stands for when it is given nowhere; empty: it has no such value. Throws when there is no such key. */
    public String fallbackOf(String key) {
        Component component = byKey.get(key);
        if (component == null) {
            throw new IllegalArgumentException("no setting " + key);
        }
        return component.setting().fallback();
    }

    static String variable(String environmentPrefix, String key) {
        return environmentPrefix
                + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static void mask(ObjectNode parent, String name) {
        if (parent.get(name) instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, MASK);
            }
        } else {
            parent.put(name, MASK);
        }
    }

    private static void put(ObjectNode tree, String key, Component component, String text) {
        ObjectNode parent = tree;
        String[] path = key.split("\\.");
        for (int i = 0; i < path.length - 1; i++) {
            parent = parent.get(path[i]) instanceof ObjectNode child ? child : parent.putObject(path[i]);
        }
        parent.set(component.name(), valueOf(key, component, text));
    }

    private static JsonNode valueOf(String key, Component component, String text) {
        if (component.isText()) {
            return SettingMapper.text(text);
        }
        String yaml = component.isList() && !text.startsWith("[") ? "[" + text + "]" : text;
        try {
            return SettingMapper.parse(yaml);
        } catch (JsonProcessingException e) {
            throw new ConfigException(key, component.setting().secret() ? null : text, "write it as in YAML");
        }
    }

    private void fill(String key, ObjectNode parent, Component component) {
        String name = component.name();
        if (parent.hasNonNull(name)) {
            return;
        }
        parent.remove(name);
        if (!component.setting().fallback().isEmpty()) {
            parent.set(name, valueOf(key, component, component.setting().fallback()));
        } else if (component.isSection() && !component.nullable()) {
            parent.putObject(name);
        } else if (component.isMap()) {
            parent.putObject(name);
        } else if (component.isList()) {
            parent.putArray(name);
        } else if (!component.nullable()) {
            String ways = byKey.containsKey(key) ? ", as the environment variable " + variableOf(key) : "";
            throw new ConfigException(key, null, "is required; give it in the file" + ways + " or as a flag");
        }
    }

    private static void checkRange(String key, ObjectNode parent, Component component) {
        JsonNode value = parent.get(component.name());
        Setting setting = component.setting();
        if (value == null || !value.isIntegralNumber()) {
            return;
        }
        if (!value.canConvertToLong() || value.asLong() < setting.min() || value.asLong() > setting.max()) {
            throw new ConfigException(
                    key, value.asText(), "write a whole number from " + setting.min() + " to " + setting.max());
        }
    }
}
