package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.HintWishes;
import dev.rivulet.protocol.message.Hints.Hint;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which edges are told what may be worth to hold, in rounds (docs/protocol.md, section 5.8): what is asked for, to as
 * many edges as should hold it; what few peers hold, to the edges among them, so that they keep it; and what an edge
 * pinned, to that edge. An edge does with it what it has room and transfer for, and does not say so: one that was told
 * of something and does not hold it after a while is passed over for a while.
 */
final class Hinting {
    /** Contents looked at in a round, those most asked for. */
    static final int MAX_CONTENTS = 256;
    /** Hints for one edge in a round. */
    static final int MAX_PER_ROUND = 4 * Limits.MAX_HINTS;
    /** Rounds after which an edge may be told the same again. */
    static final int REPEAT_ROUNDS = 30;
    /** Rounds that an edge has to begin to hold what it was told of, before another one is. */
    static final int PATIENCE_ROUNDS = 6;
    /** Resources compared with pins, for one edge in a round; each pin counts. */
    static final int MAX_MATCHES = 4000;

    private final Demand demand = new Demand();
    /** The round in which who was told of what, the oldest first. */
    private final Map<Told, Long> told = new LinkedHashMap<>();

    private long round;

    private record Told(PeerId edge, ContentId content) {}

    /** A page begins to want a content, or to hold it. */
    void asked(ContentId content, PeerId page) {
        demand.asked(content, page);
    }

    /** One edge's hints of a round. */
    private final class Letter {
        final Member edge;
        final HintWishes wishes;
        final List<Hint> hints = new ArrayList<>();

        Letter(Member edge, HintWishes wishes) {
            this.edge = edge;
            this.wishes = wishes;
        }

        boolean isFull() {
            return hints.size() >= MAX_PER_ROUND;
        }

        void add(Hintable.Resource resource, @Nullable Swarm swarm) {
            Told key = new Told(edge.id, resource.content());
            if (!isFull() && !told.containsKey(key)) {
                told.put(key, round);
                hints.add(new Hint(
                        resource.url(),
                        resource.content(),
                        resource.size(),
                        demand.of(resource.content()),
                        swarm == null ? 0 : swarm.holders.size()));
            }
        }

        /** Whether it was told long ago and still does not hold it. */
        boolean hasDeclined(ContentId content, boolean holds) {
            Long then = told.get(new Told(edge.id, content));
            return !holds && then != null && round - then >= PATIENCE_ROUNDS;
        }

        void walkPins(Map<ContentId, Swarm> swarms, Hintable site) {
            int rest = MAX_MATCHES;
            int cost = Math.max(1, wishes.pins().size());
            Iterator<Hintable.Resource> walk = edge.pinWalk == null ? site.all() : edge.pinWalk;
            for (; rest > 0 && !isFull() && walk.hasNext(); rest -= cost) {
                Hintable.Resource resource = walk.next();
                Swarm swarm = swarms.get(resource.content());
                boolean holds = swarm != null && swarm.holders.contains(edge);
                // Once also what it holds: perhaps only some of it.
                if (wishes.pinned(resource.url()) && !(holds && edge.pinsWalked)) {
                    add(resource, swarm);
                }
            }
            boolean over = !walk.hasNext();
            edge.pinsWalked |= over;
            edge.pinWalk = over ? null : walk;
        }
    }

    /** Some time has passed: decides who is told what now. */
    List<HintedEdge> round(Map<ContentId, Swarm> swarms, FlatSet<Member> edges, Hintable site) {
        round++;
        demand.round();
        told.values().removeIf(then -> round - then >= REPEAT_ROUNDS);
        List<Letter> letters = new ArrayList<>();
        edges.forEach(edge -> {
            if (edge.connected && edge.wishes != null) {
                letters.add(new Letter(edge, edge.wishes));
            }
        });
        if (letters.isEmpty()) {
            return List.of();
        }
        for (ContentId content : demand.hottest(MAX_CONTENTS)) {
            List<Hintable.Resource> resources = site.withContent(content);
            if (!resources.isEmpty()) {
                consider(content, resources, swarms.get(content), letters);
            }
        }
        letters.stream()
                .filter(letter -> !letter.wishes.pins().isEmpty())
                .forEach(letter -> letter.walkPins(swarms, site));
        return letters.stream()
                .filter(letter -> !letter.hints.isEmpty())
                .map(letter -> new HintedEdge(letter.edge.id, List.copyOf(letter.hints)))
                .toList();
    }

    private void consider(
            ContentId content, List<Hintable.Resource> resources, @Nullable Swarm swarm, List<Letter> letters) {
        List<CopyChoice.Option> options = new ArrayList<>();
        for (Letter letter : letters) {
            boolean holds = swarm != null && swarm.holders.contains(letter.edge);
            if (wanted(letter, resources).isPresent() && !letter.hasDeclined(content, holds)) {
                long rendezvous = Chooser.rendezvous(content, letter.edge.id);
                options.add(new CopyChoice.Option(letter.edge, holds, letter.edge.slots, rendezvous));
            }
        }
        Set<Member> chosen = Set.copyOf(CopyChoice.choose(demand.of(content), options));
        for (Letter letter : letters) {
            boolean keeper =
                    swarm != null && swarm.holders.size() <= Limits.RARE_HOLDERS && swarm.holders.contains(letter.edge);
            if (keeper || chosen.contains(letter.edge)) {
                wanted(letter, resources).ifPresent(resource -> letter.add(resource, swarm));
            }
        }
    }

    private static Optional<Hintable.Resource> wanted(Letter letter, List<Hintable.Resource> resources) {
        return resources.stream()
                .filter(resource -> letter.wishes.admits(resource.url()))
                .findFirst();
    }
}
