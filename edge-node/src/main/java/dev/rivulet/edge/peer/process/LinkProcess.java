package dev.rivulet.edge.peer.process;

import dev.rivulet.edge.peer.PeerLink;
import dev.rivulet.edge.peer.webrtc.WebRtcUnavailableException;
import dev.rivulet.edge.peer.wire.Frame;
import dev.rivulet.edge.peer.wire.FrameType;
import dev.rivulet.edge.peer.wire.Signals;
import dev.rivulet.edge.peer.wire.Wire;
import dev.rivulet.protocol.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebRTC process and its links. A thread of its own starts it, reads what it says, and cleans up after it; any other
 * may call. Links may be opened before it is ready, and wait.
 */
final class LinkProcess {
    private static final Logger log = LoggerFactory.getLogger(LinkProcess.class);

    /** From the end of its socket to its own; a crash takes a moment to be written down. */
    private static final Duration EXIT_PATIENCE = Duration.ofSeconds(5);

    /** A process that a signal ended has the signal's number and this as its exit code. */
    private static final int KILLED = 128;

    /** Bytes that may wait for a process to read them: far more than all send buffers of a large edge. */
    private static final long MAX_WAITING_BYTES = 512L << 20;

    /** Who is told how a process fares; on its thread. */
    interface Owner {
        void ready(LinkProcess process);

        /** It has ended, and so have its links. The last call. */
        void ended(LinkProcess process);
    }

    private final int number;
    private final Launcher launcher;
    private final ChildDirectory directory;
    private final Owner owner;
    private final Wire wire;
    private final Liveness liveness = new Liveness();
    private final Map<Integer, RemoteLink> links = new ConcurrentHashMap<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final LongAdder messages = new LongAdder();
    private final Instant created = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Thread thread;
    private volatile @Nullable Process process;
    private volatile long startedNanos;
    private volatile long readyNanos;
    private volatile boolean ready;
    private volatile boolean over;
    private volatile boolean stopping;
    private volatile @Nullable String unavailable;
    private volatile @Nullable String obstacle;
    private volatile String how = "it never began";

    /** @param number of the process among those of this edge, for logs */
    LinkProcess(int number, Launcher launcher, ChildDirectory directory, Owner owner) {
        this.number = number;
        this.launcher = launcher;
        this.directory = directory;
        this.owner = owner;
        wire = new Wire("webrtc-" + number);
        thread = launcher.thread("webrtc-" + number, this::live);
    }

    /** Starts the process, in a while; where there is no thread to do it, it has ended. */
    void start() {
        try {
            thread.start();
        } catch (RuntimeException | Error e) {
            failed(e);
            end();
        }
    }

    private void live() {
        try {
            Path library = directory.library();
            try (Door door = directory.door(number)) {
                run(library, door);
            }
        } catch (WebRtcUnavailableException e) {
            unavailable = String.valueOf(e.getMessage());
        } catch (IOException | DecodeException | RuntimeException | Error e) {
            failed(e);
        } finally {
            end();
        }
    }

    private void failed(Throwable e) {
        how = e.toString();
        // An error before it is ready is of a system without threads or memory, which may have some later.
        if (process == null || (e instanceof Error && !ready)) {
            obstacle = e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
            log.debug("the WebRTC process {} could not be started", number, e);
        } else if (e instanceof Error) {
            log.error("the WebRTC process {} ends because of an error of the edge", number, e);
        }
    }

    private void end() {
        over = true;
        try {
            int lost = links.size();
            links.values().forEach(link -> link.ended("the WebRTC process " + number + " has ended"));
            links.clear();
            if (lost > 0 && !stopping && obstacle == null) {
                log.warn("{} connections are lost with the WebRTC process {}", lost, number);
            }
        } finally {
            owner.ended(this);
        }
    }

    private void run(Path library, Door door) throws IOException, DecodeException {
        try {
            Process started = launcher.start(directory.path(), door.socket(), library);
            startedNanos = System.nanoTime();
            process = started;
            if (stopping) {
                started.destroyForcibly();
            }
            // Or else a process that dies before it has connected would be waited for.
            var unused = started.onExit().thenRun(door::shut);
            wire.attach(door.accept());
            wire.read(this::take);
        } catch (ClosedChannelException e) {
            log.debug("the WebRTC process {} never came to the door", number, e);
        } finally {
            how = exit();
        }
    }

    /** Makes sure that the process has ended, and says how it has. */
    private String exit() throws IOException {
        wire.close();
        Process ending = process;
        if (ending == null) {
            return "it could not be started";
        }
        try {
            if (!ending.waitFor(EXIT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                ending.destroyForcibly().waitFor();
                return "it would not end, and was killed";
            }
            return ending.exitValue() > KILLED ? "signal " + (ending.exitValue() - KILLED) : crash(ending.exitValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private String crash(int status) throws IOException {
        Path report = directory.path().resolve(ChildCommand.CRASH_FILE);
        boolean crashed = Files.exists(report)
                && Files.getLastModifiedTime(report).toInstant().compareTo(created) >= 0;
        return crashed ? "it crashed, see " + report : "exit code " + status;
    }

    private void take(FrameType type, int id, ByteBuffer payload) throws DecodeException {
        switch (type) {
            case READY -> {
                readyNanos = System.nanoTime();
                ready = true;
                owner.ready(this);
            }
            case UNAVAILABLE -> unavailable = Signals.wholeText(payload);
            case PONG -> liveness.answered();
            default -> {
                if (type == FrameType.CONTROL || type == FrameType.BLOCK) {
                    messages.increment();
                }
                // One that has ended may have had something under way.
                RemoteLink link = type == FrameType.CLOSED ? links.remove(id) : links.get(id);
                if (link != null) {
                    link.take(type, payload);
                }
            }
        }
    }

    /** Opens a link, which ends at once when there is no process any more. */
    PeerLink open(PeerLink.Listener listener, IntFunction<Frame> beginning) {
        int id = opened.incrementAndGet();
        RemoteLink link = new RemoteLink(id, wire, listener);
        links.put(id, link);
        if (over || stopping) {
            links.remove(id);
            link.ended("there is no WebRTC process now");
        } else {
            wire.send(beginning.apply(id));
        }
        return link;
    }

    /** Asks whether it is alive, and kills it when it should have answered long ago, or was to be ready. */
    void check(Duration startPatience) {
        boolean late = process != null && !ready && System.nanoTime() - startedNanos >= startPatience.toNanos();
        boolean mute = ready && !liveness.ask();
        if (late || mute || wire.waitingBytes() > MAX_WAITING_BYTES) {
            log.warn("the WebRTC process {} does not answer and is killed", number);
            kill();
        } else if (ready) {
            wire.send(Frame.of(FrameType.PING, 0));
        }
    }

    /** Has every link finish, however often it is said; any thread. */
    void retire() {
        links.values().forEach(RemoteLink::retire);
    }

    /** Asks it to end its links and itself; to be followed by {@link #kill} when that takes too long. */
    void stop() {
        stopping = true;
        wire.send(Frame.of(FrameType.STOP, 0));
        if (!ready) {
            kill();
        }
    }

    /** Ends it at once. */
    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    /** Waits until it has ended, at most so long; whether it has. */
    boolean await(Duration patience) throws InterruptedException {
        thread.join(Math.max(1, patience.toMillis()));
        return !thread.isAlive();
    }

    ReplacementLimits.Vitals vitals() {
        Process running = process;
        OptionalLong resident = running == null ? OptionalLong.empty() : ResidentMemory.of(running.pid());
        return new ReplacementLimits.Vitals(opened.get(), messages.sum(), life(), resident);
    }

    /** How long it has been ready; zero when it is not yet. */
    Duration life() {
        return ready ? Duration.ofNanos(System.nanoTime() - readyNanos) : Duration.ZERO;
    }

    /** How long it took to become ready, from when it was to be started. */
    Duration beginning() {
        return Duration.ofNanos(readyNanos - startedNanos);
    }

    boolean isReady() {
        return ready && !over;
    }

    /** Whether the system has it as a process now. */
    boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Links that have not ended. */
    int links() {
        return links.size();
    }

    int number() {
        return number;
    }

    /** The id that the system gave it; 0 before it was started. */
    long pid() {
        Process running = process;
        return running == null ? 0 : running.pid();
    }

    /** Why the native library does not load, if that is what it said. */
    Optional<String> unavailable() {
        return Optional.ofNullable(unavailable);
    }

    /** Why no process could be started, which may be possible later. */
    Optional<String> obstacle() {
        return Optional.ofNullable(obstacle);
    }

    /** How it came to its end. */
    String how() {
        return how;
    }
}
