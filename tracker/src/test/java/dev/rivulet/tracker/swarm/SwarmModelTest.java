package dev.rivulet.tracker.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.Sha256;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The table against a model of plain maps, over random histories of a few peers. */
final class SwarmModelTest {
    private static final int PEERS = 8;
    private static final int CONTENTS = 6;
    private static final Random IDS = new Random(42);
    private static final List<PeerId> IDS_OF_PEERS =
            IntStream.range(0, PEERS).mapToObj(i -> PeerId.random(IDS)).toList();
    private static final List<ContentId> CONTENT_IDS = IntStream.range(0, CONTENTS)
            .mapToObj(i -> new ContentId(Sha256.of(new byte[] {(byte) i})))
            .toList();
    private static final Network HERE = new Network(1, 1);

    enum Kind {
        JOIN,
        LEAVE,
        SUSPEND,
        RESUME,
        ANNOUNCE,
        LOOKUP,
        HINT
    }

    record Step(Kind kind, int peer, Set<Integer> some, Set<Integer> others, int number) {}

    /** Even peers are pages, of which every fourth meets edges only; odd peers are edges. */
    private static Traits traits(int peer) {
        boolean edge = peer % 2 == 1;
        return new Traits(edge, !edge && peer % 4 == 0, HERE, null);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Set<Integer>> subsets =
                Arbitraries.integers().between(0, CONTENTS - 1).set().ofMaxSize(CONTENTS);
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, PEERS - 1),
                        subsets,
                        subsets,
                        Arbitraries.integers().between(1, 10))
                .as(Step::new)
                .list()
                .ofMaxSize(120);
    }

    @Property
    void tableAgreesWithTheModel(@ForAll("histories") List<Step> history, @ForAll long seed) {
        SwarmTable table = new SwarmTable(new Random(seed));
        Map<Integer, Model> model = new HashMap<>();

        for (Step step : history) {
            apply(step, table, model);

            assertThat(table.size()).isEqualTo(model.size());
            Set<Integer> contents = new HashSet<>();
            model.values().forEach(peer -> {
                contents.addAll(peer.held);
                contents.addAll(peer.wanted);
            });
            assertThat(table.contents()).isEqualTo(contents.size());
        }
        List.copyOf(model.keySet()).forEach(peer -> table.leave(IDS_OF_PEERS.get(peer)));
        assertThat(table.size()).isZero();
        assertThat(table.contents()).isZero();
    }

    private static void apply(Step step, SwarmTable table, Map<Integer, Model> model) {
        PeerId id = IDS_OF_PEERS.get(step.peer);
        Model peer = model.get(step.peer);
        if (step.kind == Kind.JOIN && peer == null) {
            table.join(id, traits(step.peer));
            model.put(step.peer, new Model());
        } else if (peer == null || step.kind == Kind.JOIN) {
            return;
        } else if (step.kind == Kind.RESUME && !peer.connected) {
            table.resume(id, traits(step.peer));
            peer.connected = true;
        } else if (peer.connected) {
            applyConnected(step, table, model, peer);
        } else if (step.kind == Kind.LEAVE) {
            table.leave(id);
            model.remove(step.peer);
        }
    }

    private static void applyConnected(Step step, SwarmTable table, Map<Integer, Model> model, Model peer) {
        PeerId id = IDS_OF_PEERS.get(step.peer);
        switch (step.kind) {
            case LEAVE -> {
                table.leave(id);
                model.remove(step.peer);
            }
            case SUSPEND -> {
                table.suspend(id);
                peer.connected = false;
            }
            case ANNOUNCE -> announce(step, table, peer);
            case LOOKUP -> lookup(step, table, model, peer);
            case HINT -> hint(step, table, model, peer);
            default -> {}
        }
    }

    private static void announce(Step step, SwarmTable table, Model peer) {
        Set<Integer> groups = step.number > 3 ? Set.of(step.number % 3) : null;

        Announced announced = table.announce(
                IDS_OF_PEERS.get(step.peer),
                new Announcement(
                        contents(step.some),
                        contents(step.others),
                        groups == null
                                ? null
                                : groups.stream().map(SwarmModelTest::group).toList(),
                        step.number));

        peer.held.removeAll(step.others);
        peer.held.addAll(step.some);
        peer.wanted.removeAll(step.some);
        assertThat(announced.refused()).isZero();
        assertThat(announced.newGroup()).isEqualTo(groups != null && !peer.groups.containsAll(groups));
        peer.groups = groups == null ? peer.groups : groups;
    }

    private static void lookup(Step step, SwarmTable table, Map<Integer, Model> model, Model peer) {
        if (step.some.isEmpty()) {
            return;
        }
        Set<PeerId> exclude = step.others.stream().map(IDS_OF_PEERS::get).collect(Collectors.toSet());

        List<Candidate> answer =
                table.lookup(IDS_OF_PEERS.get(step.peer), new Query(contents(step.some), step.number, exclude));

        step.some.stream().filter(content -> !peer.held.contains(content)).forEach(peer.wanted::add);
        Set<Integer> eligible = eligible(step, model);
        eligible.removeAll(step.others);
        Set<Integer> holders = eligible.stream()
                .filter(other -> !model.get(other).heldOf(step.some).isEmpty())
                .collect(Collectors.toSet());
        checkAnswer(answer, eligible, step.number);
        answer.forEach(candidate -> assertThat(candidate.holds())
                .containsExactlyInAnyOrderElementsOf(
                        contents(model.get(peer(candidate)).heldOf(step.some))));
        long toldHolders = answer.stream().filter(c -> !c.holds().isEmpty()).count();
        long reserved = Math.min(2, Math.max(0, step.number - 1));
        assertThat(toldHolders)
                .isGreaterThanOrEqualTo(Math.min(holders.size(), step.number - reserved))
                .isGreaterThanOrEqualTo(Math.min(holders.size(), 1));
        long edges = eligible.stream().filter(other -> other % 2 == 1).count();
        assertThat(answer.stream().filter(Candidate::edge).count()).isGreaterThanOrEqualTo(Math.min(edges, reserved));
    }

    private static void hint(Step step, SwarmTable table, Map<Integer, Model> model, Model peer) {
        List<Candidate> answer = table.hint(IDS_OF_PEERS.get(step.peer));

        Set<Integer> eligible = eligible(step, model);
        checkAnswer(answer, eligible, 8);
        assertThat(answer)
                .allMatch(candidate -> candidate.holds().isEmpty())
                .allMatch(candidate -> candidate.edge()
                        || model.get(peer(candidate)).groups.stream().anyMatch(peer.groups::contains));
    }

    private static void checkAnswer(List<Candidate> answer, Set<Integer> eligible, int count) {
        List<Integer> told = answer.stream().map(SwarmModelTest::peer).toList();
        assertThat(told).doesNotHaveDuplicates().isSubsetOf(eligible).hasSizeLessThanOrEqualTo(count);
        assertThat(answer).allMatch(candidate -> candidate.edge() == (peer(candidate) % 2 == 1));
    }

    private static Set<Integer> eligible(Step step, Map<Integer, Model> model) {
        boolean asksEdge = step.peer % 2 == 1;
        return model.entrySet().stream()
                .filter(entry -> entry.getValue().connected && entry.getKey() != step.peer)
                .map(Map.Entry::getKey)
                .filter(other -> asksEdge || other % 2 == 1 || (step.peer % 4 != 0 && other % 4 != 0))
                .collect(Collectors.toSet());
    }

    private static int peer(Candidate candidate) {
        return IDS_OF_PEERS.indexOf(candidate.id());
    }

    private static Group group(int number) {
        return new Group("/" + number);
    }

    private static List<ContentId> contents(Set<Integer> numbers) {
        return numbers.stream().map(CONTENT_IDS::get).toList();
    }

    private static final class Model {
        final Set<Integer> held = new HashSet<>();
        final Set<Integer> wanted = new LinkedHashSet<>();
        Set<Integer> groups = Set.of();
        boolean connected = true;

        Set<Integer> heldOf(Set<Integer> some) {
            Set<Integer> both = new HashSet<>(some);
            both.retainAll(held);
            return both;
        }
    }
}
