package dev.rivulet.edge.transfer;

import dev.rivulet.edge.thread.RareLog;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What fetching runs on.
 *
 * @param loop owns the state of all fetches
 * @param workers for what blocks or takes long: reading, writing, hashing
 */
public record Machinery(EventLoop loop, Executor workers, TransferCounts counts) {
    private static final Logger log = LoggerFactory.getLogger(Machinery.class);
    private static final RareLog FAILURES = new RareLog();

    /**
     * Reads something on a worker, and goes on with it on the loop, whatever happens: who waits for it would otherwise
     * wait, and keep what it occupies, for ever.
     *
     * @param then given nothing when there is nothing, or reading threw
     */
    public <T> void read(Supplier<Optional<T>> source, Consumer<Optional<T>> then) {
        work("reading what is held", source, then);
    }

    /** As {@link #read}, for anything else that blocks or takes long. */
    <T> void work(String what, Supplier<Optional<T>> source, Consumer<Optional<T>> then) {
        workers.execute(() -> {
            Optional<T> result = attempt(what, source);
            loop.execute(() -> then.accept(result));
        });
    }

    private static <T> Optional<T> attempt(String what, Supplier<Optional<T>> source) {
        try {
            return source.get();
        } catch (RuntimeException | Error e) {
            FAILURES.next().ifPresent(more -> log.error("{} failed: {}{}", what, e.toString(), more));
            log.debug("{} failed", what, e);
            return Optional.empty();
        }
    }
}
