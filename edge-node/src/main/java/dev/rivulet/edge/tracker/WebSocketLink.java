package dev.rivulet.edge.tracker;

import dev.rivulet.edge.config.TrackerBase;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.http.AddressPolicy;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.Challenge;
import dev.rivulet.protocol.message.TrackerMessage.ErrorMessage;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a WebSocket to one of the site's trackers: says hello, resumes the peer id after a loss, waits ever longer
 * between attempts, and goes to the next tracker after each failure. It gives up only when it is revoked or replaced, or
 * refused before it ever was welcomed: what a member is refused for may be a mistake of a moment
 * (docs/decisions/0025-a-refusal-may-be-a-mistake.md). Everything but {@link #send} happens on the link's own thread.
 */
public final class WebSocketLink implements TrackerLink, AutoCloseable {
    /** Where the link is between two attempts. */
    private enum State {
        IDLE,
        CONNECTING,
        GREETING,
        WELCOMED,
        WAITING,
        CLOSED
    }

    /**
     * That a tracker does not let in whom it did before.
     *
     * @param by the tracker
     */
    public record Refusal(TrackerBase by, TrackerCloseCode code, String reason) {}

    private static final Logger log = LoggerFactory.getLogger(WebSocketLink.class);
    private static final int NORMAL_CLOSURE = 1000;
    private static final long CLOSE_MILLIS = 1000;

    private final TrackerBase home;
    private final Duration timeout;
    private final Backoff backoff;
    private final BiConsumer<TrackerCloseCode, String> refused;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread;
    private final Events events = new Events();

    private final CompletableFuture<Boolean> firstAttempt = new CompletableFuture<>();

    private State state = State.IDLE;
    private @Nullable Greeting greeting;
    private Membership membership = Membership.none();
    private List<TrackerBase> bases;
    private int attempts;
    private @Nullable String resume;
    private @Nullable TrackerConnection current;

    private volatile @Nullable TrackerConnection welcomed;
    private volatile @Nullable Refusal refusal;
    private volatile TrackerBase base;
    private volatile @Nullable InetSocketAddress address;

    /**
     * A link that waits for {@link #start}.
     *
     * @param timeout for connecting
     * @param random spreads the attempts of many edges
     * @param refused told when the tracker refuses this edge for good, or before it ever welcomed it; the link is closed
     *     then
     */
    public WebSocketLink(
            TrackerBase home, Duration timeout, RandomGenerator random, BiConsumer<TrackerCloseCode, String> refused) {
        this.home = home;
        this.base = home;
        this.bases = List.of(home);
        this.timeout = timeout;
        this.backoff = new Backoff(random);
        this.refused = refused;
        this.thread = Threads.single("tracker-link");
    }

    /**
     * Begins to connect; to be called once.
     *
     * @return whether the first attempt ended in a welcome
     */
    public CompletableFuture<Boolean> start(Greeting hello) {
        return start(hello, Membership.none());
    }

    /** As {@link #start(Greeting)}, for an edge that may have been welcomed before. */
    public CompletableFuture<Boolean> start(Greeting hello, Membership before) {
        thread.execute(() -> {
            greeting = hello;
            membership = before;
            connect();
        });
        return firstAttempt.copy();
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public boolean send(ClientMessage message) {
        TrackerConnection connection = welcomed;
        return connection != null && connection.send(message);
    }

    /** Why this edge, which was welcomed before, was refused when it last asked; empty once it is welcomed again. */
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** The tracker connected to, or that is tried next. */
    public TrackerBase base() {
        return base;
    }

    /**
     * Whether the tracker is at a private, loopback or link-local address: known after the first connection, until then
     * told from an address in its URL.
     */
    public boolean isTrackerPrivate() {
        InetSocketAddress reached = address;
        if (reached == null || reached.getAddress() == null) {
            return base.namesPrivateAddress();
        }
        return !AddressPolicy.isPublic(reached.getAddress());
    }

    private void connect() {
        Greeting hello = greeting;
        if (state == State.CLOSED || hello == null) {
            return;
        }
        base = bases.get(attempts++ % bases.size());
        state = State.CONNECTING;
        TrackerConnection connection = new TrackerConnection(base, hello.agent(), timeout, events);
        current = connection;
        log.debug("connecting to {}", base);
        connection.connect();
    }

    private void opened(TrackerConnection connection) {
        Greeting hello = greeting;
        if (connection != current || state != State.CONNECTING || hello == null) {
            connection.close();
            return;
        }
        state = State.GREETING;
        address = connection.address();
        connection.send(hello.hello(resume));
        Threads.after(thread, Duration.ofSeconds(Limits.HELLO_SECONDS), () -> {
            if (connection == current && state == State.GREETING) {
                log.warn("{} does not answer the hello", base);
                connection.close();
            }
        });
    }

    private void received(TrackerConnection connection, TrackerMessage message) {
        if (connection != current) {
            return;
        }
        if (message instanceof Welcome welcome) {
            welcomed(connection, welcome);
        } else if (message instanceof Challenge challenge && state == State.GREETING && greeting != null) {
            connection.send(greeting.proof(challenge));
        } else if (message instanceof ErrorMessage error) {
            log.warn("the tracker says {}: {}", error.code(), error.message());
        }
        if (state == State.WELCOMED) {
            tell(listener -> listener.received(message));
        }
    }

    private void welcomed(TrackerConnection connection, Welcome welcome) {
        state = State.WELCOMED;
        backoff.reset();
        attempts = 0;
        resume = welcome.resume();
        bases = basesOf(welcome);
        welcomed = connection;
        refusal = null;
        membership.welcomed();
        firstAttempt.complete(true);
        log.info("welcomed by {} as {}", base, welcome.peer());
    }

    private List<TrackerBase> basesOf(Welcome welcome) {
        List<TrackerBase> all = new ArrayList<>(List.of(base));
        welcome.trackers().stream().map(url -> TrackerBase.parse(url.text())).forEach(all::add);
        all.add(home);
        return all.stream().distinct().toList();
    }

    private void closed(TrackerConnection connection, int code, String reason) {
        if (connection != current || state == State.CLOSED) {
            return;
        }
        boolean wasWelcomed = state == State.WELCOMED;
        current = null;
        welcomed = null;
        Optional<TrackerCloseCode> known = TrackerCloseCode.of(code);
        if (wasWelcomed) {
            tell(Listener::lost);
        }
        if (known.filter(this::isTheEnd).isPresent()) {
            state = State.CLOSED;
            refused.accept(known.get(), reason);
            firstAttempt.complete(false);
            return;
        }
        state = State.WAITING;
        if (known.filter(TrackerCloseCode.GOING_AWAY::equals).isPresent()) {
            attempts = 1; // elsewhere first
        }
        boolean isRefused = known.filter(TrackerCloseCode::isFinal).isPresent();
        if (isRefused) {
            refusal = new Refusal(base, known.get(), reason);
        }
        firstAttempt.complete(false); // whoever waits for it asks why
        Duration wait = isRefused ? backoff.next(Backoff.LONGEST_REFUSED) : backoff.next();
        log.warn(
                "{} {} ({}{}); trying again in {} ms",
                isRefused ? "refused, as not before, by" : "no connection to",
                base,
                known.map(Object::toString).orElse(Integer.toString(code)),
                reason.isBlank() ? "" : ", " + reason,
                wait.toMillis());
        Threads.after(thread, wait, this::connect);
    }

    private boolean isTheEnd(TrackerCloseCode code) {
        return switch (code) {
            case REVOKED, REPLACED -> true;
            default -> code.isFinal() && !membership.isMember();
        };
    }

    private void tell(Consumer<Listener> what) {
        for (Listener listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException e) {
                log.error("a listener of the tracker failed", e);
            }
        }
    }

    /** Says goodbye to the tracker; waits for it a moment. */
    @Override
    public void close() {
        Future<?> goodbye = thread.submit(() -> {
            state = State.CLOSED;
            welcomed = null;
            if (current != null) {
                current.close(NORMAL_CLOSURE);
            }
        });
        try {
            goodbye.get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("closing the link: {}", e.toString());
        }
        thread.shutdownNow();
    }

    /** Takes what happens on a connection's threads to the link's. */
    private final class Events implements TrackerConnection.Events {
        @Override
        public void opened(TrackerConnection connection) {
            thread.execute(() -> WebSocketLink.this.opened(connection));
        }

        @Override
        public void received(TrackerConnection connection, TrackerMessage message) {
            thread.execute(() -> WebSocketLink.this.received(connection, message));
        }

        @Override
        public void closed(TrackerConnection connection, int code, String reason) {
            thread.execute(() -> WebSocketLink.this.closed(connection, code, reason));
        }
    }
}
