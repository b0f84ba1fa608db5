package dev.rivulet.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    @Test
    void anEventIsAnObjectOnOneLineWhateverItSays() throws IOException {
        LoggerContext context = new LoggerContext();
        LoggingEvent event = new LoggingEvent(
                "here",
                context.getLogger("dev.rivulet.Part"),
                Level.WARN,
                "said {}",
                new IOException("cause\nof it"),
                new Object[] {"\"two\nlines\""});

        String line = new String(LogLines.encoder(context).encode(event), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(line).endsWith("\n");
        assertThat(line.strip()).doesNotContain("\n");
        JsonNode said = new ObjectMapper().readTree(line);
        assertThat(said.get("level").asText()).isEqualTo("WARN");
        assertThat(said.get("loggerName").asText()).isEqualTo("dev.rivulet.Part");
        assertThat(said.get("formattedMessage").asText()).isEqualTo("said \"two\nlines\"");
        assertThat(said.at("/throwable/message").asText()).isEqualTo("cause\nof it");
        assertThat(said.get("timestamp").asLong()).isPositive();
    }
}
