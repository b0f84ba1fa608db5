package dev.rivulet.edge.peer;

import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.TrackerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Asks the tracker who holds what: at once while little is asked, several contents in one message when there is more, so
 * that an edge which many visitors ask for many things stays within the tracker's bounds. Belongs to the loop.
 */
final class Lookups {
    /** Between two messages. */
    static final Duration INTERVAL = Duration.ofMillis(50);

    /** Contents that wait to be asked for; what is over is not asked for. */
    static final int MAX_WAITING = 4 * Limits.MAX_LOOKUP_IDS;

    /** How long the tracker is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Peers asked for in a lookup. */
    static final int PEERS = 8;

    /** A question, and who is told the answer: nobody, perhaps because there was none. */
    private record Question(ContentId content, Consumer<List<TrackerMessage.Candidate>> told) {}

    private final EventLoop loop;
    private final Predicate<ClientMessage> tracker;
    private final Supplier<List<PeerId>> connected;
    private final List<Question> waiting = new ArrayList<>();
    private final Map<Long, List<Question>> asked = new HashMap<>();
    private boolean pausing;
    private long nextId;

    /** @param connected the peers not to be told of */
    Lookups(EventLoop loop, Predicate<ClientMessage> tracker, Supplier<List<PeerId>> connected) {
        this.loop = loop;
        this.tracker = tracker;
        this.connected = connected;
    }

    /**
     * Asks for holders of a content.
     *
     * @param told once: those that the tracker says hold it, in its order of preference; perhaps before this returns
     */
    void find(ContentId content, Consumer<List<TrackerMessage.Candidate>> told) {
        if (waiting.size() >= MAX_WAITING) {
            told.accept(List.of());
            return;
        }
        waiting.add(new Question(content, told));
        if (!pausing) {
            ask();
        }
    }

    private void ask() {
        pausing = true;
        loop.after(INTERVAL, this::pauseOver);
        List<Question> now = List.copyOf(waiting.subList(0, Math.min(waiting.size(), Limits.MAX_LOOKUP_IDS)));
        waiting.subList(0, now.size()).clear();
        long id = nextId++ & Limits.MAX_U32;
        asked.put(id, now);
        List<ContentId> contents =
                now.stream().map(Question::content).distinct().toList();
        if (tracker.test(new ClientMessage.Lookup(id, contents, PEERS, excluded()))) {
            loop.after(PATIENCE, () -> answered(id, List.of()));
        } else {
            answered(id, List.of());
        }
    }

    private void pauseOver() {
        pausing = false;
        if (!waiting.isEmpty()) {
            ask();
        }
    }

    private List<PeerId> excluded() {
        List<PeerId> all = connected.get();
        return all.subList(0, Math.min(all.size(), Limits.MAX_EXCLUDED_PEERS));
    }

    /** Takes the tracker's answer. */
    void answered(long id, List<TrackerMessage.Candidate> candidates) {
        List<Question> questions = asked.remove(id);
        if (questions == null) {
            return;
        }
        for (Question question : questions) {
            question.told()
                    .accept(candidates.stream()
                            .filter(candidate -> candidate.holds().contains(question.content()))
                            .toList());
        }
    }
}
