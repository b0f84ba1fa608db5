package dev.rivulet.edge.peer.process;

import dev.rivulet.edge.peer.PeerLink;
import dev.rivulet.edge.peer.PeerLinkFactory;
import dev.rivulet.edge.peer.webrtc.WebRtcUnavailableException;
import dev.rivulet.edge.peer.wire.Frame;
import dev.rivulet.edge.peer.wire.FrameType;
import dev.rivulet.edge.peer.wire.Signals;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links in WebRTC processes, of which there is one, or two while the older comes to its end. All decisions are made on one
 * thread; links are opened on any.
 */
public final class LinkProcesses implements PeerLinkFactory {
    private static final Logger log = LoggerFactory.getLogger(LinkProcesses.class);

    /** How often is looked whether a process has to be replaced. */
    static final Duration TICK = Duration.ofSeconds(1);

    /** From its start until a process is ready; it takes a second where the machine has nothing else to do. */
    static final Duration START_PATIENCE = Duration.ofSeconds(60);

    /** From being told to stop until a process is killed; links say good-bye meanwhile. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

    /** Until a replacement that failed is tried again. */
    private static final Duration REPLACE_AGAIN = Duration.ofMinutes(1);

    /**
     * How the processes fare; any sums since the start.
     *
     * @param ready whether links can be made now
     * @param running how many there are now
     * @param residentBytes what they occupy together, as far as the system tells
     * @param replaced those that another took the place of
     * @param died those that ended though nobody told them to
     * @param problem why there is none that is ready, as far as that is known, and what can be done about it
     */
    public record Standing(
            boolean ready,
            int running,
            long residentBytes,
            int replaced,
            int died,
            @Nullable String problem) {
        /** Where there are no processes at all. */
        public static Standing none(@Nullable String problem) {
            return new Standing(false, 0, 0, 0, 0, problem);
        }
    }

    private final Launcher launcher;
    private final ReplacementLimits limits;
    private final ChildDirectory directory;
    private final ScheduledExecutorService supervisor = Threads.single("webrtc-supervisor");
    private final Restarts restarts = new Restarts();
    private final CompletableFuture<LinkProcess> first = new CompletableFuture<>();
    private volatile LinkProcess current;
    private volatile @Nullable LinkProcess next;
    private volatile @Nullable LinkProcess old;
    private final AtomicInteger replaced = new AtomicInteger();
    private final AtomicInteger died = new AtomicInteger();
    private volatile @Nullable String problem;
    private volatile boolean closed;
    /** Why no further process can be started, as far as known. */
    private volatile @Nullable String obstacle;

    // Of the supervisor.
    private int started;
    private @Nullable Drain drain;
    private long replaceNotBefore = System.nanoTime();

    private LinkProcesses(Launcher launcher, ReplacementLimits limits, ChildDirectory directory) {
        this.launcher = launcher;
        this.limits = limits;
        this.directory = directory;
        current = make();
    }

    /**
     * Starts a process and waits until it is ready; goes on without when it takes too long or dies, or the disk has no
     * room for what it needs, since another will be tried.
     *
     * @param home a directory for these processes alone, made if need be
     * @throws WebRtcUnavailableException when this host lacks what the native library needs
     */
    public static LinkProcesses start(ChildCommand command, ReplacementLimits limits, Path home) throws IOException {
        return launch(command, limits, home);
    }

    static LinkProcesses launch(Launcher launcher, ReplacementLimits limits, Path home) throws IOException {
        LinkProcesses links = new LinkProcesses(launcher, limits, ChildDirectory.open(home));
        links.current.start();
        Threads.repeat(links.supervisor, TICK, links::tick);
        Optional<String> unavailable = links.awaitFirst();
        if (unavailable.isPresent()) {
            links.close();
            throw new WebRtcUnavailableException(unavailable.get());
        }
        return links;
    }

    private Optional<String> awaitFirst() throws IOException {
        try {
            return first.get(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS).unavailable();
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException | ExecutionException e) {
            close();
            throw new IOException("interrupted while WebRTC was to start", e);
        }
    }

    private LinkProcess make() {
        started++;
        return new LinkProcess(started, launcher, directory, new LinkProcess.Owner() {
            @Override
            public void ready(LinkProcess process) {
                first.complete(process);
                supervisor.execute(() -> whenReady(process));
            }

            @Override
            public void ended(LinkProcess process) {
                first.complete(process);
                supervisor.execute(() -> whenEnded(process));
            }
        });
    }

    private void whenReady(LinkProcess process) {
        obstacle = null;
        log.info(
                "the WebRTC process {} (pid {}) is ready after {} ms",
                process.number(),
                process.pid(),
                process.beginning().toMillis());
        if (process == next) {
            old = current;
            drain = new Drain(System.nanoTime());
            current = process;
            next = null;
            replaced.incrementAndGet();
        }
        if (process == current) {
            problem = null;
        }
    }

    private void whenEnded(LinkProcess process) {
        if (closed) {
            // The last word on stderr is that of why the edge ends.
            log.debug("the WebRTC process {} has ended", process.number());
        } else if (process.isStopping()) {
            log.info("the WebRTC process {} has ended", process.number());
        } else if (process.obstacle().isPresent()) {
            tell(process.obstacle().get());
        } else {
            String reason = process.unavailable().orElse(process.how());
            log.warn("the WebRTC process {} died: {}", process.number(), reason);
            died.incrementAndGet();
            if (process == current && next == null) {
                problem = process.unavailable()
                        .orElse("the WebRTC process died (" + process.how() + "), and another one is being started; see"
                                + " the log if that goes on");
            }
        }
        if (process == old) {
            old = null;
            drain = null;
        } else if (process == next) {
            next = null;
            replaceNotBefore = System.nanoTime() + REPLACE_AGAIN.toNanos();
        } else if (process == current && next != null) {
            current = next;
            next = null;
        } else if (process == current && !closed) {
            restart(process);
        }
    }

    /** Once, however often it is met with. */
    private void tell(String reason) {
        if (!reason.equals(obstacle)) {
            obstacle = reason;
            log.warn("no WebRTC process can be started: {}; it is tried again until one can", reason);
        }
    }

    private void restart(LinkProcess dead) {
        boolean began = dead.obstacle().isEmpty();
        Duration pause = began ? restarts.afterDeath(dead.life()) : restarts.afterObstacle();
        if (began && !pause.isZero()) {
            log.warn("another WebRTC process is tried in {} s", pause.toSeconds());
        }
        Threads.after(supervisor, pause, () -> {
            if (!closed) {
                LinkProcess successor = make();
                current = successor;
                successor.start();
            }
        });
    }

    private void tick() {
        if (closed) {
            return;
        }
        alive().forEach(process -> process.check(START_PATIENCE));
        Optional<String> reason =
                current.isReady() && next == null ? limits.reached(current.vitals()) : Optional.empty();
        if (reason.isPresent() && old == null && System.nanoTime() - replaceNotBefore >= 0) {
            log.info("the WebRTC process {} is replaced: {}", current.number(), reason.get());
            LinkProcess successor = make();
            next = successor;
            successor.start();
        }
        drain();
    }

    private void drain() {
        LinkProcess draining = old;
        Drain step = drain;
        if (draining != null && step != null && !draining.isStopping()) {
            switch (step.next(System.nanoTime(), draining.links())) {
                case RETIRE -> draining.retire();
                case END -> {
                    draining.stop();
                    Threads.after(supervisor, STOP_PATIENCE, draining::kill);
                }
            }
        }
    }

    private List<LinkProcess> alive() {
        return Stream.of(current, next, old).filter(Objects::nonNull).toList();
    }

    @Override
    public PeerLink offer(List<IceServer> ice, PeerLink.Listener listener) {
        return current.open(listener, id -> Frame.of(FrameType.OFFER, id, Signals.encode(ice)));
    }

    @Override
    public PeerLink answer(List<IceServer> ice, SignalBody.Offer offer, PeerLink.Listener listener) {
        return current.open(listener, id -> Frame.of(FrameType.ANSWER, id, Signals.encode(ice, offer)));
    }

    /** Whether links can be made, at once or as soon as another process is there; not while none can be started. */
    public boolean isAvailable() {
        return obstacle == null || current.isReady();
    }

    /** How they are now. Any thread may ask. */
    public Standing standing() {
        List<LinkProcess> running =
                alive().stream().distinct().filter(LinkProcess::isRunning).toList();
        long resident = running.stream()
                .mapToLong(process -> process.vitals().residentBytes().orElse(0))
                .sum();
        String reason = obstacle;
        return new Standing(
                current.isReady(),
                running.size(),
                resident,
                replaced.get(),
                died.get(),
                reason == null ? problem : "no WebRTC process can be started: " + reason);
    }

    /** The id that the system gave to the process in which links are made now; 0 while it has none. */
    public long pid() {
        return current.pid();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            List<LinkProcess> last = CompletableFuture.supplyAsync(this::alive, supervisor)
                    .get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            last.forEach(LinkProcess::stop);
            long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
            for (LinkProcess process : last) {
                if (!process.await(Duration.ofNanos(deadline - System.nanoTime()))) {
                    process.kill();
                    process.await(STOP_PATIENCE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("WebRTC processes were not told to stop, and end with this one: {}", e.toString());
        } finally {
            Threads.stop(supervisor);
        }
    }
}
