package dev.rivulet.tracker.publishing.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows a directory until it is told to end: looks when something changes, and regularly all the same. One thread runs
 * it; {@link #close} may be called by any.
 */
final class Following implements AutoCloseable {
    /** Shortest rest between two looks, in milliseconds. */
    static final long LOOK_GAP_MS = 50;
    /** Longest rest between two looks at a small directory, though nothing seems to change, in milliseconds. */
    static final long LOOK_AGAIN_MS = 1000;
    /** The rest after a look is at least so many times as long as the look took, */
    static final long BUSY_REST = 4;
    /** and so many times where nothing seems to change. */
    static final long IDLE_REST = 20;
    /** Pause after the tracker gave no answer, in milliseconds; twice as long each time, */
    static final long FIRST_PAUSE_MS = 500;
    /** up to this. */
    static final long MAX_PAUSE_MS = 15_000;
    /** How long closing waits for what is complete to be published, in milliseconds. */
    static final long FLUSH_MS = 6000;

    private final Path directory;
    private final PrintStream log;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable DirectoryWatch watch;
    private @Nullable String gapSaid;

    Following(Path directory, PrintStream log) {
        this.directory = directory;
        this.log = log;
    }

    /** A call to the tracker. */
    @FunctionalInterface
    interface Call<T> {
        T make() throws IOException, InterruptedException;
    }

    /** Calls until the tracker answers; throws {@link TrackerAwayException} only once it is told to end. */
    <T> T persist(Call<T> call) throws IOException, InterruptedException {
        for (long pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
            try {
                return call.make();
            } catch (TrackerAwayException e) {
                if (stop.getCount() == 0) {
                    throw e;
                }
                log.println("publish: " + e.getMessage() + " Trying again in " + pauseMs + " ms.");
                boolean unused = stop.await(pauseMs, TimeUnit.MILLISECONDS);
            }
        }
    }

    /**
     * Follows until closed.
     *
     * @param open makes the mirror, asking the tracker
     * @param ready is run once all that was complete at first is published
     * @throws IOException when the tracker refuses, or the directory cannot be read
     */
    void run(Call<DirectoryMirror> open, Runnable ready) throws IOException, InterruptedException {
        try (DirectoryWatch opened = openWatch()) {
            watch = opened;
            follow(persist(open), ready);
        } catch (TrackerAwayException e) {
            log.println("publish: " + e.getMessage() + " What it lacks is published the next time.");
        } finally {
            ended.countDown();
        }
    }

    private void follow(DirectoryMirror mirror, Runnable ready) throws IOException, InterruptedException {
        boolean isReady = false;
        while (stop.getCount() > 0) {
            long beganMs = nowMs();
            DirectoryMirror.Seen seen = mirror.look(Instant.now(), beganMs, false);
            if (seen.isDone() && !isReady) {
                isReady = true;
                ready.run();
            }
            if (seen.isDone() && !watchesMore(seen.directories())) {
                rest(nowMs() - beganMs);
            }
        }
        mirror.look(Instant.now(), nowMs(), true);
    }

    private static @Nullable DirectoryWatch openWatch() {
        try {
            return DirectoryWatch.open();
        } catch (IOException e) {
            return null;
        }
    }

    private boolean watchesMore(List<Path> directories) {
        DirectoryWatch opened = watch;
        boolean watchesMore = opened != null && opened.watch(directories);
        String gap = opened == null ? "the system has no means left to watch it" : opened.gap();
        if (gap != null && !gap.equals(gapSaid)) {
            log.println("publish: not every change below " + directory + " is noticed at once: " + gap
                    + "; it is looked for regularly");
            gapSaid = gap;
        }
        return watchesMore;
    }

    private void rest(long tookMs) throws InterruptedException {
        long leastMs = Math.max(LOOK_GAP_MS, BUSY_REST * tookMs);
        if (stop.await(leastMs, TimeUnit.MILLISECONDS)) {
            return;
        }
        long moreMs = Math.max(LOOK_AGAIN_MS, IDLE_REST * tookMs) - leastMs;
        DirectoryWatch opened = watch;
        if (opened == null) {
            boolean unused = stop.await(moreMs, TimeUnit.MILLISECONDS);
        } else {
            opened.await(moreMs);
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Publishes what is complete, and ends. */
    @Override
    public void close() throws IOException {
        stop.countDown();
        DirectoryWatch opened = watch;
        if (opened != null) {
            opened.close();
        }
        try {
            if (!ended.await(FLUSH_MS, TimeUnit.MILLISECONDS)) {
                log.println("publish: the tracker does not answer; what it lacks is published the next time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
