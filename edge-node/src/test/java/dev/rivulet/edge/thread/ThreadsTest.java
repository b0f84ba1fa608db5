package dev.rivulet.edge.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ThreadsTest {
    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
    void aTaskIsRepeatedWhateverItThrows(Class<? extends Throwable> type) throws Exception {
        ScheduledExecutorService thread = Threads.single("test");
        CountDownLatch runs = new CountDownLatch(3);
        try {
            Threads.repeat(thread, Duration.ofMillis(1), () -> {
                runs.countDown();
                throwAny(type);
            });

            assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            Threads.stop(thread);
        }
    }

    private static void throwAny(Class<? extends Throwable> type) {
        if (type == OutOfMemoryError.class) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        throw new IllegalStateException("of the test");
    }
}
