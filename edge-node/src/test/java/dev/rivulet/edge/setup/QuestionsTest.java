package dev.rivulet.edge.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.protocol.settings.ByteSize;
import dev.rivulet.protocol.settings.Sources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QuestionsTest {
    private final List<String> asked = new ArrayList<>();

    private Map<String, String> answers(Map<String, String> before, String answer) {
        Map<String, String> given = new HashMap<>(before);
        Questions.ask(given, new Questions.Terminal() {
            @Override
            public String line(String question) {
                asked.add(question);
                return answer;
            }

            @Override
            public String secret(String question) {
                asked.add("secretly: " + question);
                return answer;
            }
        });
        return given;
    }

    @Test
    void trackerTokenAndEveryLimitThatCostsAVolunteerAreAskedFor() {
        assertThat(answers(Map.of(), " x "))
                .containsOnlyKeys(
                        "tracker",
                        "site",
                        "token",
                        "key",
                        "data",
                        "max-disk",
                        "upload-rate",
                        "monthly-transfer",
                        "udp-ports")
                .containsEntry("upload-rate", "x");
        assertThat(asked)
                .filteredOn(question -> question.startsWith("secretly"))
                .hasSize(1);
    }

    @Test
    void whatIsGivenIsNotAskedForAndWhatIsLeftEmptyHasItsDefault() {
        Map<String, String> given = Map.of("tracker", "http://127.0.0.1:1", "site", "demo", "data", "d");

        Map<String, String> answers = answers(given, "");

        assertThat(answers).isEqualTo(given);
        assertThat(asked)
                .hasSize(6)
                .contains(
                        "Most disk space (empty: 10 GiB): ",
                        "Most bytes sent per second (empty: 32 MiB; 0 B: no limit): ",
                        "Most bytes sent and received in a month (empty: 500 GiB; 0 B: no limit): ");
        EdgeSettings settings = EdgeSettings.READER.read(new Sources("test", "", Map.of(), answers));
        assertThat(settings.uploadRate()).isEqualTo(ByteSize.parse("32 MiB"));
        assertThat(settings.monthlyTransfer()).isEqualTo(ByteSize.parse("500 GiB"));
    }
}
