package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses whom to introduce. Candidates are sampled, so that the cost does not grow with the swarm; each gets a score,
 * the sum of the weights below; the best are told, those that hold what is wanted first, then edges, then the others.
 *
 * <p>Edges are told even when they do not hold what is wanted, because they pull it through. Which of them is decided
 * by rendezvous hashing over content and edge, so that everybody is sent to the same ones and the origin is asked once.
 */
final class Chooser {
    /** Candidates looked at per swarm and per group. */
    static final int SAMPLE = 64;
    /** Edges looked at per site. */
    static final int EDGE_SAMPLE = 256;
    /** Edges told of, where there are any, besides those that are among the best anyway. */
    static final int EDGES_PER_ANSWER = 2;
    /** Peers of the same groups told of without being asked. */
    static final int HINTED_FELLOWS = 6;

    private static final double HOLDS_SOME = 4;
    private static final double HOLDS_ALL = 8;
    private static final double WANTS = 3;
    private static final double SAME_GROUP = 2;
    private static final double NEAR = 2;
    private static final double WITHIN_REACH = 1;
    private static final double FREE_SLOTS = 1;
    /** Free slots beyond this make no peer better. */
    private static final int ENOUGH_SLOTS = 4;
    /** Enough to turn the order of two peers that differ in one lesser thing, not to send one to an empty peer. */
    private static final double CHANCE = 1.5;

    private final RandomGenerator random;

    Chooser(RandomGenerator random) {
        this.random = random;
    }

    Pool pool(Member asker, List<Swarm> wanted, Query query) {
        long affinity =
                query.contents().isEmpty() ? 0 : query.contents().get(0).hash().a();
        return new Pool(asker, wanted, query, affinity);
    }

    Pool hintPool(Member asker) {
        long affinity = asker.groups.isEmpty() ? 0 : mix(asker.groups.get(0).hashCode());
        return new Pool(asker, List.of(), new Query(List.of(), HINTED_FELLOWS, Set.of()), affinity);
    }

    /** The candidates of one answer. */
    final class Pool {
        private final Member asker;
        private final List<Swarm> wanted;
        private final Query query;
        private final long affinity;
        private final Map<Member, Scored> candidates = new LinkedHashMap<>();
        private final List<Scored> edges = new ArrayList<>();

        private Pool(Member asker, List<Swarm> wanted, Query query, long affinity) {
            this.asker = asker;
            this.wanted = wanted;
            this.query = query;
            this.affinity = affinity;
        }

        void addSwarm(Swarm swarm) {
            swarm.holders.sample(SAMPLE, random, this::isEligible, this::add);
            swarm.wanters.sample(SAMPLE, random, this::isEligible, this::add);
        }

        void addFellows(FlatSet<Member> fellows) {
            fellows.sample(SAMPLE, random, this::isEligible, this::add);
        }

        void addEdges(FlatSet<Member> all) {
            all.sample(EDGE_SAMPLE, random, this::isEligible, edge -> {
                edges.add(score(edge));
                if (asker.traits.edgesOnly()) {
                    // Nobody else may be told of, so edges fill the whole answer.
                    add(edge);
                }
            });
        }

        /** The best, of which some give way to edges when there are more than were asked for. */
        List<Candidate> choose() {
            List<Scored> best = best();
            List<Scored> added = missingEdges(best, reservedForEdges(best));
            for (int last = best.size() - 1; best.size() + added.size() > query.count() && last >= 0; last--) {
                if (!best.get(last).isEdge()) {
                    best.remove(last);
                }
            }
            return told(best, added);
        }

        /** The best, and edges besides. */
        List<Candidate> chooseAndAddEdges() {
            List<Scored> best = best();
            return told(best, missingEdges(best, EDGES_PER_ANSWER));
        }

        private List<Scored> best() {
            return candidates.values().stream()
                    .sorted(Comparator.comparingDouble(Scored::score).reversed())
                    .limit(query.count())
                    .collect(Collectors.toCollection(ArrayList::new));
        }

        /** As many edges as {@code chosen} lacks to have so many. */
        private List<Scored> missingEdges(List<Scored> chosen, int wantedEdges) {
            Set<Member> present = chosen.stream().map(Scored::member).collect(Collectors.toSet());
            long edgesPresent = chosen.stream().filter(Scored::isEdge).count();
            return edges.stream()
                    .filter(scored -> !present.contains(scored.member))
                    .sorted(Comparator.comparing(Scored::holdsNothing)
                            .thenComparing(Scored::isBusy)
                            .thenComparing(Scored::rendezvous, Comparator.reverseOrder()))
                    .limit(Math.max(0, wantedEdges - edgesPresent))
                    .toList();
        }

        private static List<Candidate> told(List<Scored> best, List<Scored> added) {
            return Stream.concat(best.stream(), added.stream())
                    .sorted(Comparator.comparing(Scored::tier))
                    .map(Scored::candidate)
                    .toList();
        }

        /** Both of them where that leaves a place for somebody else; one of one place only if nobody holds anything. */
        private int reservedForEdges(List<Scored> best) {
            boolean somebodyHolds = !best.isEmpty() && !best.get(0).holdsNothing();
            int spare = somebodyHolds ? query.count() - 1 : query.count();
            return Math.min(EDGES_PER_ANSWER, spare);
        }

        private boolean isEligible(Member member) {
            return member.connected
                    && !member.equals(asker)
                    && asker.traits.mayMeet(member.traits)
                    && !query.exclude().contains(member.id);
        }

        private void add(Member member) {
            candidates.computeIfAbsent(member, this::score);
        }

        private Scored score(Member member) {
            List<ContentId> holds = new ArrayList<>();
            boolean wants = false;
            for (Swarm swarm : wanted) {
                if (swarm.holders.contains(member)) {
                    holds.add(swarm.content);
                } else {
                    wants |= swarm.wanters.contains(member);
                }
            }
            double score = random.nextDouble() * CHANCE;
            if (!holds.isEmpty()) {
                score += HOLDS_SOME + (HOLDS_ALL - HOLDS_SOME) * holds.size() / wanted.size();
            } else if (wants) {
                score += WANTS;
            }
            if (asker.sharesGroupWith(member)) {
                score += SAME_GROUP;
            }
            score += proximity(member) + FREE_SLOTS * Math.min(member.slots, ENOUGH_SLOTS) / ENOUGH_SLOTS;
            return new Scored(member, holds, score, rendezvous(affinity, member.id));
        }

        private double proximity(Member member) {
            Network here = asker.traits.network();
            Network there = member.traits.network();
            if (here.isNear(there)) {
                return NEAR;
            }
            return here.isWithinReach(there) ? WITHIN_REACH : 0;
        }
    }

    private record Scored(Member member, List<ContentId> holds, double score, long rendezvous) {
        boolean holdsNothing() {
            return holds.isEmpty();
        }

        boolean isEdge() {
            return member.traits.edge();
        }

        boolean isBusy() {
            return member.slots == 0;
        }

        int tier() {
            if (!holds.isEmpty()) {
                return 0;
            }
            return isEdge() ? 1 : 2;
        }

        Candidate candidate() {
            return new Candidate(member.id, member.traits.edge(), List.copyOf(holds), member.traits.http());
        }
    }

    /** An edge's score for a content: visitors who look for it are sent to those of the highest. */
    static long rendezvous(ContentId content, PeerId edge) {
        return rendezvous(content.hash().a(), edge);
    }

    private static long rendezvous(long affinity, PeerId edge) {
        return mix(affinity ^ edge.high());
    }

    /** The finaliser of SplitMix64: every bit of the input moves every bit of the output. */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
