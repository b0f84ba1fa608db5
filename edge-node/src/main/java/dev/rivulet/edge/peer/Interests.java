package dev.rivulet.edge.peer;

import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.message.Bitfield;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.ControlMessage.Have;
import dev.rivulet.protocol.message.Holding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a peer wants to be told of, and the telling. Belongs to the loop. */
final class Interests {
    /** How long changes are gathered before they are told. */
    static final Duration GATHERING = Duration.ofMillis(50);

    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final PeerContext context;
    private final EventLoop loop;
    private final Consumer<ControlMessage> send;
    private final Set<ContentId> wanted = new HashSet<>();
    /** Pieces of what is wanted that the peer has asked for here. */
    private final Map<ContentId, BitSet> asked = new HashMap<>();

    private final Map<ContentId, BitSet> news = new HashMap<>();
    private final Set<ContentId> losses = new HashSet<>();
    private boolean telling;
    private @Nullable Long changedNanos;

    Interests(PeerContext context, Consumer<ControlMessage> send) {
        this.context = context;
        this.loop = context.machinery().loop();
        this.send = send;
    }

    /**
     * Takes what the peer wants, to be told of by {@link #tellAll(Collection)}.
     *
     * @return whether that is still within bounds
     */
    boolean take(ControlMessage.Want want) {
        changedNanos = loop.nanoTime();
        if (want.stop()) {
            want.contents().forEach(wanted::remove);
            want.contents().forEach(asked::remove);
            return true;
        }
        wanted.addAll(want.contents());
        return wanted.size() <= Limits.MAX_WANTED_CONTENTS;
    }

    /** Tells all that is held of these. */
    void tellAll(Collection<ContentId> contents) {
        contents.forEach(this::tellAll);
    }

    /** Whether the peer wants a content. */
    boolean isWanted(ContentId content) {
        return wanted.contains(content);
    }

    /** The peer asks for a piece. */
    void asked(ContentId content, int piece) {
        if (wanted.contains(content)) {
            asked.computeIfAbsent(content, id -> new BitSet()).set(piece);
        }
    }

    /** Whether the peer has asked for a piece here: then it is not the one to wait for, whatever else it tries. */
    boolean hasAsked(ContentId content, int piece) {
        return asked.containsKey(content) && asked.get(content).get(piece);
    }

    /** Tells, if the peer wants the content, that the origin was asked for these pieces, or that they will not come. */
    void fetching(ContentId content, List<Integer> pieces, boolean stop) {
        if (!wanted.contains(content)) {
            return;
        }
        for (int i = 0; i < pieces.size(); i += Limits.MAX_HAVE_PIECES) {
            int end = Math.min(i + Limits.MAX_HAVE_PIECES, pieces.size());
            send.accept(new ControlMessage.Fetching(content, pieces.subList(i, end), stop));
        }
    }

    /** How long the peer has wanted nothing: zero while it wants something, "for ever" when it never did. */
    Duration sinceWanting() {
        if (!wanted.isEmpty()) {
            return Duration.ZERO;
        }
        return changedNanos == null ? FOR_EVER : Duration.ofNanos(loop.nanoTime() - changedNanos);
    }

    /** Takes note that the store gained a piece. */
    void added(ContentId content, int piece) {
        if (wanted.contains(content)) {
            news.computeIfAbsent(content, id -> new BitSet()).set(piece);
            tellSoon();
        }
    }

    /** Takes note that the store lost a piece. */
    void dropped(ContentId content) {
        if (wanted.contains(content)) {
            losses.add(content);
            tellSoon();
        }
    }

    private void tellSoon() {
        if (!telling) {
            telling = true;
            loop.after(GATHERING, this::tell);
        }
    }

    private void tell() {
        telling = false;
        losses.forEach(this::tellAll);
        news.keySet().removeAll(losses);
        losses.clear();
        news.forEach(this::tellNews);
        news.clear();
    }

    private void tellNews(ContentId content, BitSet pieces) {
        Optional<Integer> count = pieceCount(content);
        if (count.isEmpty() || pieces.cardinality() > Limits.MAX_HAVE_PIECES) {
            tellAll(content);
        } else if (context.store().held(content).cardinality() == count.get()) {
            send.accept(new Have(content, new Holding.Complete()));
        } else {
            List<Integer> added = new ArrayList<>();
            pieces.stream().forEach(added::add);
            send.accept(new Have(content, new Holding.Added(added)));
        }
    }

    /** Of a content that is not the site's the answer is nothing, whatever the store holds. */
    private void tellAll(ContentId content) {
        int count = pieceCount(content).orElse(0);
        BitSet held = count == 0 ? new BitSet() : context.store().held(content);
        boolean complete = count > 0 && held.cardinality() == count;
        send.accept(new Have(
                content,
                complete ? new Holding.Complete() : new Holding.Pieces(Bitfield.of(held, Math.max(count, 1)))));
    }

    private Optional<Integer> pieceCount(ContentId content) {
        return context.catalog().byContent(content).map(entry -> Layout.pieceCountOf(entry.size()));
    }
}
