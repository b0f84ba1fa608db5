package dev.rivulet.edge.peer;

import dev.rivulet.edge.transfer.Choking;
import dev.rivulet.edge.transfer.PeerSource;
import dev.rivulet.edge.transfer.PeerSources.Download;
import dev.rivulet.edge.transfer.PeerSources.Outcome;
import dev.rivulet.edge.transfer.PieceProvider;
import dev.rivulet.edge.transfer.Rival;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The peer protocol with one peer over one link (docs/protocol.md, section 6). Belongs to the loop; what the link calls
 * is in {@link LinkInbox}.
 */
final class PeerSession {
    private static final Logger log = LoggerFactory.getLogger(PeerSession.class);

    private static final Duration CONNECT = Duration.ofSeconds(Limits.CONNECT_SECONDS);
    private static final Duration PING = Duration.ofSeconds(Limits.PEER_PING_SECONDS);
    private static final Duration SILENCE = Duration.ofSeconds(Limits.PEER_SILENCE_SECONDS);

    /**
     * For how long a link that retires serves on, unless nothing was done over it for as long: the page that is being
     * loaded is loaded by then, mostly.
     */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * From when the last was done over a link that retires, and its send buffer was not yet empty, until it is closed:
     * what the network carries then, or has lost, has this long to arrive, less {@link Neighbours#TICK}.
     */
    static final Duration SETTLE = Duration.ofSeconds(2);

    /** Until a ping has been answered. */
    private static final Duration ASSUMED_ROUND_TRIP = Duration.ofMillis(100);

    /** The nonce of pings whose answers say nothing of the round trip. */
    private static final long PROBE = 0;

    /** Who is at the other end. */
    record Remote(PeerId id, Role role) {}

    /** What a session tells and asks; on the loop. */
    interface Owner {
        /** What pulls through. */
        PieceProvider pieces();

        /** The text of our hello's agent. */
        String agent();

        /** The peer has to be told this through the tracker. */
        void signal(PeerSession session, SignalBody local);

        /** Both sides have said hello. */
        void greeted(PeerSession session);

        /** The peer has said what it holds of a content, or more. */
        void told(PeerSession session, ContentId content);

        /** The peer wants to be told of these contents. */
        void wanted(PeerSession session, List<ContentId> contents);

        /** The peer says what it is getting, or will not get, of a content followed. */
        void fetching(PeerSession session, ControlMessage.Fetching fetching);

        /** The peer will not give what it has said that it is getting. */
        void choked(PeerSession session);

        /** The peer has more room for requests. */
        void roomier();

        /** The session is over, whoever ended it. Comes once, last. */
        void closed(PeerSession session);
    }

    private enum State {
        CONNECTING,
        /** The link is open; the peer's hello is awaited. */
        GREETING,
        OPEN,
        CLOSED
    }

    private final Remote remote;
    private final PeerContext context;
    private final Owner owner;
    private final LinkInbox inbox;
    private final PeerLink link;
    private final Downloads downloads;
    private final LossProbes probes;
    private final Uploads uploads;
    private final Interests interests;
    private final RemoteHoldings holdings;
    private final Set<ContentId> followed = new HashSet<>();
    private final ControlBudget budget;
    private final long createdNanos;
    private State state = State.CONNECTING;
    private long usedNanos;
    private long pingedNanos;
    private long pings = PROBE + 1;
    private boolean retiring;
    private long retiringNanos;
    private boolean finishing;
    private boolean finishKnown;
    private long finishNonce;
    private long busyNanos;
    private Duration roundTrip = ASSUMED_ROUND_TRIP;

    /** @param connect makes the link, given who listens to it */
    PeerSession(Remote remote, PeerContext context, Owner owner, Function<PeerLink.Listener, PeerLink> connect) {
        this.remote = remote;
        this.context = context;
        this.owner = owner;
        createdNanos = context.nanoTime();
        usedNanos = createdNanos;
        budget = new ControlBudget(createdNanos);
        holdings = new RemoteHoldings(context.catalog());
        interests = new Interests(context, this::send);
        inbox = new LinkInbox(context, remote.role(), this);
        downloads = new Downloads(context, inbox.inbound(), this::send, owner::roomier);
        probes = new LossProbes(
                context.machinery().loop(),
                downloads,
                inbox,
                () -> roundTrip,
                () -> send(new ControlMessage.Ping(PROBE, false)));
        link = connect.apply(inbox);
        uploads = new Uploads(context, link, owner.pieces(), this::send);
    }

    Remote remote() {
        return remote;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Passes on what the peer signals. */
    void signal(SignalBody body) {
        link.signal(body);
    }

    // What the link tells, on the loop.

    void signalled(SignalBody local) {
        if (state == State.CONNECTING) {
            owner.signal(this, local);
        }
    }

    void opened() {
        if (state == State.CONNECTING) {
            state = State.GREETING;
            send(new ControlMessage.Hello(
                    ControlMessage.VERSION,
                    owner.agent(),
                    List.of(),
                    Limits.MAX_OUTSTANDING_REQUESTS,
                    Downloads.CREDIT_BYTES));
        }
    }

    void control(String text) {
        if (state == State.CLOSED) {
            return;
        }
        if (!budget.spend(context.nanoTime(), 1)) {
            close(PeerCloseCode.RATE_LIMIT, "too many messages");
            return;
        }
        try {
            take(Messages.decodeControl(text));
        } catch (DecodeException e) {
            close(PeerCloseCode.MALFORMED, e.place() + ": " + e.reason());
        }
    }

    void drained() {
        uploads.drained();
    }

    /**
     * The link is to be replaced by another. After {@link #PATIENCE}, or before when nobody uses it, nothing new is begun
     * either way, and once what is under way is done the session ends. What the peer asked for before it knew is answered:
     * it is known to know when it has answered a ping.
     */
    void retire() {
        if (!retiring) {
            retiring = true;
            retiringNanos = context.nanoTime();
        }
    }

    private void ping() {
        pingedNanos = context.nanoTime();
        send(new ControlMessage.Ping(pings++, false));
    }

    private void leaveWhenDone(long now) {
        if (uploads.isBusy() || downloads.isBusy() || (finishKnown && link.bufferedBytes() > 0)) {
            busyNanos = now;
        }
        long unusedNanos = now - busyNanos;
        long patience = PATIENCE.toNanos();
        if (retiring && !finishing && (unusedNanos >= patience || now - retiringNanos >= patience)) {
            finishing = true;
            uploads.finish();
            finishNonce = pings;
            ping();
        } else if (finishKnown && unusedNanos >= SETTLE.toNanos()) {
            close(PeerCloseCode.NORMAL, "moves");
        }
    }

    void linkClosed(String reason) {
        if (state != State.CLOSED) {
            // Or the peer would believe in the connection until it had been silent for long.
            owner.signal(this, new SignalBody.Close());
        }
        end(reason);
    }

    private void take(ControlMessage message) throws DecodeException {
        if (message instanceof ControlMessage.Close close) {
            end("the peer says " + close.code());
            link.close();
        } else if (message instanceof ControlMessage.Hello hello) {
            greet(hello);
        } else if (state != State.OPEN) {
            throw new DecodeException("message", "comes before hello");
        } else if (message instanceof ControlMessage.Have have) {
            told(have);
        } else if (message instanceof ControlMessage.Want want) {
            wanted(want);
        } else if (message instanceof ControlMessage.Fetching fetching) {
            if (followed.contains(fetching.content()) && !chokes()) {
                owner.fetching(this, fetching);
            }
        } else if (message instanceof ControlMessage.Ping ping) {
            answer(ping);
        } else {
            takeRequestOrAnswer(message);
        }
    }

    private void takeRequestOrAnswer(ControlMessage message) throws DecodeException {
        if (message instanceof ControlMessage.Request request) {
            requireNew(request.id());
            interests.asked(request.content(), request.piece());
            uploads.request(request);
        } else if (message instanceof ControlMessage.LayoutRequest request) {
            requireNew(request.id());
            uploads.layout(request);
        } else if (message instanceof ControlMessage.ShardRequest request) {
            requireNew(request.id());
            uploads.shard(request);
        } else if (message instanceof ControlMessage.Cancel cancel) {
            uploads.cancel(cancel.id());
        } else if (message instanceof ControlMessage.Reject reject) {
            downloads.rejected(reject.id(), reject.reason().text());
        } else if (message instanceof ControlMessage.LayoutAnswer answer) {
            downloads.layoutAnswered(answer.id(), answer.length());
        } else if (message instanceof ControlMessage.Choke || message instanceof ControlMessage.Unchoke) {
            downloads.choked(message instanceof ControlMessage.Choke);
            if (chokes()) {
                owner.choked(this);
            }
        }
        // Shard answers belong to no request of ours, and of the types that we do not know we know nothing.
    }

    private void requireNew(long id) throws DecodeException {
        if (uploads.isServing(id)) {
            throw new DecodeException("id", "is in use");
        }
        usedNanos = context.nanoTime();
        if (!finishKnown) {
            busyNanos = usedNanos;
        }
    }

    private void greet(ControlMessage.Hello hello) throws DecodeException {
        if (state != State.GREETING) {
            throw new DecodeException("hello", "comes again");
        }
        state = State.OPEN;
        pingedNanos = context.nanoTime();
        busyNanos = pingedNanos;
        downloads.accepted(hello.outstanding());
        log.debug("neighbour {} ({}, {})", remote.id(), remote.role(), hello.agent());
        owner.greeted(this);
    }

    private void told(ControlMessage.Have have) throws DecodeException {
        if (followed.contains(have.content())) {
            holdings.take(have);
            owner.told(this, have.content());
        }
    }

    private void wanted(ControlMessage.Want want) {
        // Each content has an answer of its own, whereas the message was paid for as one.
        int unpaid = want.stop() ? 0 : want.contents().size() - 1;
        if (!budget.spend(context.nanoTime(), unpaid)) {
            close(PeerCloseCode.RATE_LIMIT, "wants too much at once");
        } else if (!interests.take(want)) {
            close(PeerCloseCode.RATE_LIMIT, "wants too many contents");
        } else if (!want.stop()) {
            // What is under way first: with the holdings alone the peer would turn to the origin.
            owner.wanted(this, want.contents());
            interests.tellAll(want.contents());
        }
    }

    private void answer(ControlMessage.Ping ping) {
        if (!ping.reply()) {
            send(new ControlMessage.Ping(ping.nonce(), true));
        } else if (ping.nonce() != PROBE && ping.nonce() == pings - 1) {
            roundTrip = Duration.ofNanos(context.nanoTime() - pingedNanos);
        }
        if (ping.reply() && finishing && !finishKnown && ping.nonce() >= finishNonce) {
            finishKnown = true;
            link.drainedAt(0);
        }
    }

    // What the owner asks.

    /** Asks what the peer holds of these, now and as it changes. */
    void follow(Collection<ContentId> contents) {
        List<ContentId> asked = new ArrayList<>(contents);
        followed.addAll(asked);
        for (int i = 0; i < asked.size(); i += Limits.MAX_WANT_IDS) {
            int end = Math.min(i + Limits.MAX_WANT_IDS, asked.size());
            send(new ControlMessage.Want(asked.subList(i, end), false));
        }
    }

    void unfollow(ContentId content) {
        if (followed.remove(content)) {
            holdings.forget(content);
            send(new ControlMessage.Want(List.of(content), true));
        }
    }

    RemoteHoldings holdings() {
        return holdings;
    }

    Interests interests() {
        return interests;
    }

    Download requestPiece(ContentId content, int piece, int bytes, Outcome outcome) {
        usedNanos = context.nanoTime();
        Download download = downloads.piece(content, piece, bytes, outcome);
        probes.asked();
        return download;
    }

    Download requestLayout(ContentId content, int bytes, Outcome outcome) {
        usedNanos = context.nanoTime();
        Download download = downloads.layout(content, bytes, outcome);
        probes.asked();
        return download;
    }

    /** This peer as a source, as it is now. */
    PeerSource source() {
        return new PeerSource(
                remote.id(),
                remote.role(),
                downloads.room(),
                downloads.queuedBytes(),
                downloads.bytesPerSecond(),
                finishing || downloads.isChoked() || downloads.stalled(inbox.deliveryNanos()),
                downloads.quietSince(inbox.blockNanos()));
    }

    /** This peer as one that wants the same. */
    Rival rival() {
        return new Rival(remote.id(), remote.role(), roundTrip);
    }

    /** Whether the peer has said that it serves no requests. */
    boolean chokes() {
        return downloads.isChoked();
    }

    /** Lets the peer know whether its requests are served. */
    void choke(boolean chokes) {
        if (!finishing) {
            uploads.choke(chokes);
        }
    }

    /** Whether anything was sent over it, or is to be, since this was asked last. */
    boolean hasSent() {
        return uploads.hasSent();
    }

    /** Has the send buffer take so much at most. */
    void limitBuffer(int bytes) {
        if (!finishing) {
            uploads.limitBuffer(bytes);
        }
    }

    /** This peer as one to give to, as it is now. */
    Choking.Taker taker() {
        return new Choking.Taker(
                remote.id(),
                interests.sinceWanting().toMillis() < Choking.DECIDE_MILLIS,
                Duration.ofNanos(uploads.waitingNanos()).toMillis(),
                downloads.receivedBytes(),
                uploads.sentBytes());
    }

    /** How long nothing has been asked either way. */
    Duration idle() {
        boolean busy = downloads.isBusy() || uploads.isBusy();
        return busy ? Duration.ZERO : Duration.ofNanos(context.nanoTime() - usedNanos);
    }

    /** Looks whether time is up for something; to be called every now and then. */
    void tick() {
        long now = context.nanoTime();
        if (state == State.CLOSED) {
            return;
        }
        if (state != State.OPEN) {
            if (now - createdNanos >= CONNECT.toNanos()) {
                owner.signal(this, new SignalBody.Close());
                close(PeerCloseCode.NORMAL, "not connected in time");
            }
        } else if (now - inbox.heardNanos() >= SILENCE.toNanos()) {
            close(PeerCloseCode.IDLE, "silent");
        } else {
            if (now - pingedNanos >= PING.toNanos()) {
                ping();
            }
            leaveWhenDone(now);
        }
    }

    /** Says why, and ends. */
    void close(PeerCloseCode code, String reason) {
        if (state == State.CLOSED) {
            return;
        }
        if (state != State.CONNECTING) {
            send(ControlMessage.Close.of(code, printable(reason)));
        }
        end(code + ": " + reason);
        link.close();
    }

    private static String printable(String reason) {
        String line = reason.replaceAll("\\p{Cc}|\\p{Cs}", "?");
        return line.substring(0, Math.min(line.length(), Limits.MAX_CLOSE_REASON_CHARS));
    }

    private void end(String reason) {
        if (state == State.CLOSED) {
            return;
        }
        log.debug("neighbour {} is gone: {}", remote.id(), reason);
        state = State.CLOSED;
        owner.closed(this);
        uploads.close();
        downloads.close();
    }

    private void send(ControlMessage message) {
        if (state == State.GREETING || state == State.OPEN) {
            link.sendControl(Messages.encode(message));
        }
    }
}
