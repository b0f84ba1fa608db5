package dev.rivulet.protocol.settings;

import org.jspecify.annotations.Nullable;

/** The operator has to change a setting; the message is one line that names the key, its value and the remedy. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final @Nullable String value;
    private final String remedy;

    /**
     * @param key the setting, dotted and with indexes, such as {@code sites.demo.include[0]}
     * @param value what was given, or null when nothing was or when it is secret
     * @param remedy what to do instead
     */
    public ConfigException(String key, @Nullable String value, String remedy) {
        super(oneLine(key + (value == null ? "" : " = " + value) + ": " + remedy));
        this.key = key;
        this.value = value;
        this.remedy = remedy;
    }

    public String key() {
        return key;
    }

    public @Nullable String value() {
        return value;
    }

    public String remedy() {
        return remedy;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
