package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.history.Event;
import dev.rivulet.tracker.history.EventLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events that are not written down yet. Thread-safe. */
final class EventQueue implements EventLog {
    /** How many wait at a time; of further ones only the log tells. */
    static final int MAX_WAITING = 1000;

    private static final Logger log = LoggerFactory.getLogger(EventQueue.class);

    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final InstantSource clock;
    private final Runnable wake;

    /** @param wake called when there is something to write */
    EventQueue(InstantSource clock, Runnable wake) {
        this.clock = clock;
        this.wake = wake;
    }

    @Override
    public void note(Event.Level level, String kind, @Nullable SiteId site, String text) {
        if (waiting.offer(new Event(0, clock.instant().getEpochSecond(), kind, site, level, text))) {
            wake.run();
        } else {
            log.warn("too many events: {}: {}", kind, text);
        }
    }

    /** Takes all that wait. */
    List<Event> take() {
        List<Event> taken = new ArrayList<>();
        waiting.drainTo(taken);
        return taken;
    }
}
