package dev.rivulet.edge.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class MachineryTest {
    private final ManualLoop loop = new ManualLoop();
    private final Machinery machinery = new Machinery(loop, Runnable::run, new TransferCounts());
    private final List<Optional<String>> results = new ArrayList<>();

    @Test
    void whateverWorkThrowsWhoWaitsForItGoesOn() {
        machinery.<String>work("this", () -> Optional.of("done"), result -> results.add(result));
        machinery.<String>work(
                "this",
                () -> {
                    throw new OutOfMemoryError("as the test wants it");
                },
                result -> results.add(result));
        loop.run();

        assertThat(results).containsExactly(Optional.of("done"), Optional.empty());
    }

    @Test
    void aDiskThatDiesDoesNotFloodTheLog() {
        Logger logger = (Logger) LoggerFactory.getLogger(Machinery.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        for (int i = 0; i < 1_000; i++) {
            machinery.<String>read(
                    () -> {
                        throw new IllegalStateException("dying");
                    },
                    unused -> {});
        }
        logger.detachAppender(lines);

        // The first may have been said on behalf of another test.
        List<ILoggingEvent> seen = lines.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .toList();
        assertThat(seen).hasSizeLessThanOrEqualTo(1).allSatisfy(line -> {
            assertThat(line.getFormattedMessage()).contains("reading what is held failed", "dying");
            assertThat(line.getThrowableProxy()).isNull();
        });
    }
}
