package dev.rivulet.edge.config;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.rivulet.protocol.settings.Setting;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Makes a flag of every setting, so that none can be forgotten. */
public final class SettingFlags {
    private static final PropertyNamingStrategies.KebabCaseStrategy KEBAB =
            new PropertyNamingStrategies.KebabCaseStrategy();

    private SettingFlags() {}

    /** Adds {@code --key VALUE} for every key of {@link EdgeSettings}. */
    public static void addTo(CommandSpec command) {
        for (RecordComponent component : EdgeSettings.class.getRecordComponents()) {
            command.addOption(option(component));
        }
    }

    /** The values given, by key. */
    public static Map<String, String> of(ParseResult parsed) {
        Map<String, String> flags = new HashMap<>();
        for (RecordComponent component : EdgeSettings.class.getRecordComponents()) {
            String key = keyOf(component);
            if (component.getType() == Patterns.class && parsed.hasMatchedOption("--" + key)) {
                flags.put(key, String.join(" ", parsed.matchedOptionValue("--" + key, List.<String>of())));
            } else if (parsed.hasMatchedOption("--" + key)) {
                flags.put(key, parsed.matchedOptionValue("--" + key, ""));
            }
        }
        return flags;
    }

    /** The key of a setting: its name in kebab-case. */
    public static String keyOf(RecordComponent component) {
        return KEBAB.translate(component.getName());
    }

    private static OptionSpec option(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        String fallback = setting.fallback().isEmpty() ? "" : " (default: " + setting.fallback() + ")";
        OptionSpec.Builder option = OptionSpec.builder("--" + keyOf(component))
                .type(String.class)
                .description(setting.help().replace("%", "%%") + fallback + ".");
        if (component.getType() == boolean.class) {
            // The flag alone means yes.
            return option.arity("0..1")
                    .fallbackValue("true")
                    .paramLabel("BOOLEAN")
                    .build();
        }
        if (component.getType() == Patterns.class) {
            return option.arity("1")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .paramLabel("PATTERN")
                    .build();
        }
        return option.arity("1").paramLabel(label(component)).build();
    }

    private static String label(RecordComponent component) {
        return switch (component.getType().getSimpleName()) {
            case "StatusAddress" -> "HOST:PORT|none";
            case "TrackerBase" -> "URL";
            case "ListenAddress" -> "HOST:PORT";
            case "ByteSize" -> "SIZE";
            case "Duration" -> "TIME";
            case "UdpPortRange" -> "FIRST-LAST";
            case "int" -> "NUMBER";
            case "LogLevel" -> "LEVEL";
            default -> KEBAB.translate(component.getName()).toUpperCase(Locale.ROOT);
        };
    }
}
