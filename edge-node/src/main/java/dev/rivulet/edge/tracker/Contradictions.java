package dev.rivulet.edge.tracker;

import dev.rivulet.edge.thread.Threads;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.Report;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/** Reports to the tracker URLs whose origin served other bytes than their entry says, so that it looks again. */
public final class Contradictions implements AutoCloseable {
    /** How often a report is sent at most. */
    static final Duration PERIOD = Duration.ofSeconds(1);
    /** URLs remembered while there is no connection: {@value}; further ones are forgotten. */
    static final int MAX_WAITING = 256;

    private final TrackerLink link;
    private final Set<ResourceUrl> waiting = new LinkedHashSet<>();
    private final ScheduledExecutorService thread;

    public Contradictions(TrackerLink link) {
        this.link = link;
        this.thread = Threads.single("contradictions");
    }

    /** Begins to send. */
    public void start() {
        Threads.repeat(thread, PERIOD, this::tell);
    }

    /** Any thread may call it. */
    public synchronized void add(ResourceUrl url) {
        if (waiting.size() < MAX_WAITING) {
            waiting.add(url);
        }
    }

    private synchronized void tell() {
        List<ResourceUrl> some =
                waiting.stream().limit(Limits.MAX_CONTRADICTED_URLS).toList();
        if (!some.isEmpty() && link.send(new Report(null, null, List.of(), some))) {
            some.forEach(waiting::remove);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
