package dev.rivulet.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.settings.Setting;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/configuration.md says of every setting what the code says, and of no other. */
final class ConfigurationDocTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final String BEGIN = "<!-- edge settings: checked by ConfigurationDocTest -->";
    private static final String END = "<!-- end of edge settings -->";

    @Test
    void theTableOfEdgeSettingsIsTheOneOfTheCode() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(BEGIN, END);
        String table = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END))
                .strip();

        assertThat(table.lines().skip(2).toList()).isEqualTo(rows());
    }

    private static List<String> rows() {
        return Arrays.stream(EdgeSettings.class.getRecordComponents())
                .map(ConfigurationDocTest::row)
                .toList();
    }

    private static String row(RecordComponent component) {
        String key = SettingFlags.keyOf(component);
        Setting setting = component.getAnnotation(Setting.class);
        String fallback = setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`";
        return "| `" + key + "` | `" + EdgeSettings.READER.variableOf(key) + "` | " + fallback + " | " + setting.help()
                + " |";
    }
}
