package dev.rivulet.tracker.publishing.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.tracker.publishing.command.Progress.Totals;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();

    @Test
    void terminalShowsOneBarThatIsRedrawn() {
        Progress progress = progress(true);
        clock.set(1000);
        progress.hashed(512);
        progress.hashed(256);
        progress.fileDone();
        progress.hashed(256);
        progress.finish();

        assertThat(text().split("\r"))
                .containsExactly(
                        "",
                        "[===============               ]  50 %  0 of 2 files, 512 B of 1.0 KiB\u001b[K",
                        "[==============================] 100 %  1 of 2 files, 1.0 KiB of 1.0 KiB\u001b[K"
                                + System.lineSeparator());
    }

    @Test
    void elsewhereALineIsWrittenNowAndThen() {
        Progress progress = progress(false);
        clock.set(1000);
        progress.hashed(512);
        clock.set(6000);
        progress.hashed(256);
        progress.finish();

        assertThat(text().lines())
                .containsExactly(
                        "hashed 75 %  0 of 2 files, 768 B of 1.0 KiB", "hashed 75 %  0 of 2 files, 768 B of 1.0 KiB");
    }

    @Test
    void nothingToDoIsDone() {
        new Progress(new PrintStream(written, true, StandardCharsets.UTF_8), false, clock::get, new Totals(0, 0))
                .finish();

        assertThat(text()).startsWith("hashed 100 %");
    }

    private Progress progress(boolean terminal) {
        return new Progress(
                new PrintStream(written, true, StandardCharsets.UTF_8), terminal, clock::get, new Totals(2, 1024));
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
