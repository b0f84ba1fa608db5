package dev.rivulet.edge.peer.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.config.LogFormat;
import dev.rivulet.edge.config.LogLevel;
import dev.rivulet.edge.peer.webrtc.UdpPorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChildArgumentsTest {
    private final ChildArguments arguments = new ChildArguments(
            Path.of("a folder=here", "1.socket"),
            new UdpPorts(50_000, 50_999),
            LogLevel.WARN,
            LogFormat.JSON,
            Path.of("lib.so"));

    private static ChildArguments parsed(List<String> written) {
        return ChildArguments.parse(written.toArray(String[]::new));
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(parsed(arguments.written())).isEqualTo(arguments);
    }

    @Test
    void theirOrderDoesNotMatter() {
        List<String> written = new ArrayList<>(arguments.written());
        Collections.reverse(written);

        assertThat(parsed(written)).isEqualTo(arguments);
    }

    @Test
    void anyPortsAreReadAsAnyPorts() {
        ChildArguments any = new ChildArguments(
                arguments.socket(), UdpPorts.ANY, LogLevel.INFO, LogFormat.TEXT, arguments.library());

        assertThat(parsed(any.written())).isEqualTo(any);
    }

    @ParameterizedTest
    @CsvSource({"--socket", "--udp-ports", "--log-level", "--log-format", "--library"})
    void oneThatIsMissingIsNamed(String name) {
        List<String> written = new ArrayList<>(arguments.written());
        written.removeIf(each -> each.startsWith(name + "="));

        assertThat(written).hasSize(4);
        assertThatThrownBy(() -> parsed(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + " is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--log-level=LOUD  | --log-level=LOUD: is none of [ERROR, WARN, INFO, DEBUG]",
                "--log-format=XML  | --log-format=XML: is none of [TEXT, JSON]",
                "--udp-ports=many  | --udp-ports=many: write FIRST-LAST",
                "--udp-ports=9-5   | --udp-ports=9-5: UDP ports 9 to 5",
            })
    void oneThatIsWrongIsNamedWithTheReason(String wrong, String message) {
        String name = wrong.substring(0, wrong.indexOf('='));
        List<String> written = new ArrayList<>(arguments.written());
        written.replaceAll(each -> each.startsWith(name + "=") ? wrong : each);

        assertThatThrownBy(() -> parsed(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port=1          | --port is none of ",
                "1.socket          | 1.socket is none of ",
                "--socket          | --socket has no value: write --socket=…",
                "--socket=2.socket | --socket is there twice",
            })
    void oneTooManyIsNamed(String another, String message) {
        List<String> written = new ArrayList<>(arguments.written());
        written.add(another);

        assertThatThrownBy(() -> parsed(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
