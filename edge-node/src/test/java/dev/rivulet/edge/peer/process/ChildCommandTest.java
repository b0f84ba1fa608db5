package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChildCommandTest {
    private final List<String> arguments = TestCommand.DEFAULT.arguments(
            Path.of("webrtc"), Path.of("webrtc", "1.socket"), Path.of("webrtc", "lib.so"));

    @Test
    void nativeMemoryGoesBackToTheSystem() {
        assertThat(arguments).contains("-XX:TrimNativeHeapInterval=" + ChildCommand.TRIM_PERIOD.toMillis());
    }

    @Test
    void aJavaThatDoesNotKnowHowToStartsNonetheless() {
        assertThat(arguments).contains("-XX:+IgnoreUnrecognizedVMOptions");
    }

    @Test
    void theHeapIsSmallAndBounded() {
        assertThat(arguments).contains("-XX:+UseSerialGC", "-Xmx144m", "-Xmn6m", "-XX:MaxHeapFreeRatio=25");
    }
}
