package dev.rivulet.tracker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SwarmTableTest {
    private static final Network HERE = new Network(10, 1);
    private static final Network NEXT_DOOR = new Network(11, 1);
    private static final Network FAR_AWAY = new Network(20, 2);
    private static final ContentId FILM = content(1);
    private static final ContentId PICTURE = content(2);

    private final Random random = new Random(7);
    private final SwarmTable table = new SwarmTable(random);

    @Test
    void holdersComeFirst() {
        PeerId asker = page(HERE);
        PeerId fellow = page(HERE);
        announce(asker, List.of(), "/film");
        announce(fellow, List.of(), "/film");
        PeerId holder = page(FAR_AWAY);
        announce(holder, List.of(FILM), "/other");

        assertThat(told(asker, 5, FILM)).containsExactly(holder, fellow);
    }

    @Test
    void whoHoldsMoreOfWhatIsWantedComesFirst() {
        PeerId asker = page(HERE);
        PeerId one = page(HERE);
        PeerId both = page(HERE);
        announce(one, List.of(FILM));
        announce(both, List.of(FILM, PICTURE));

        assertThat(told(asker, 5, FILM, PICTURE)).containsExactly(both, one);
        assertThat(table.lookup(asker, new Query(List.of(PICTURE), 5, Set.of()))
                        .get(0)
                        .holds())
                .containsExactly(PICTURE);
    }

    @Test
    void nearHoldersComeBeforeFarOnes() {
        PeerId asker = page(HERE);
        PeerId far = page(FAR_AWAY);
        PeerId near = page(HERE);
        announce(far, List.of(FILM));
        announce(near, List.of(FILM));

        assertThat(told(asker, 5, FILM)).containsExactly(near, far);
    }

    @Test
    void chanceTurnsLesserDifferencesNowAndThen() {
        PeerId asker = page(HERE);
        PeerId neighbourhood = page(NEXT_DOOR);
        PeerId far = page(FAR_AWAY);
        announce(neighbourhood, List.of(FILM));
        announce(far, List.of(FILM));

        List<PeerId> firsts = IntStream.range(0, 200)
                .mapToObj(i -> told(asker, 1, FILM).get(0))
                .toList();

        assertThat(firsts).contains(neighbourhood, far);
        assertThat(firsts.stream().filter(neighbourhood::equals).count()).isGreaterThan(120);
    }

    @Test
    void wantersAreToldOfUntilTheyHold() {
        PeerId early = page(FAR_AWAY);
        PeerId late = page(HERE);
        told(early, 5, FILM);

        assertThat(table.lookup(late, new Query(List.of(FILM), 5, Set.of())))
                .containsExactly(new Candidate(early, false, List.of(), null));

        announce(early, List.of(FILM));
        assertThat(table.lookup(late, new Query(List.of(FILM), 5, Set.of())))
                .containsExactly(new Candidate(early, false, List.of(FILM), null));
    }

    @Test
    void theOldestWishIsForgottenFirst() {
        PeerId wanter = page(HERE);
        told(wanter, 5, content(0));
        IntStream.rangeClosed(1, SwarmTable.MAX_WANTED).forEach(i -> told(wanter, 5, content(i)));

        assertThat(told(page(HERE), 5, content(0))).isEmpty();
        assertThat(told(page(HERE), 5, content(1))).containsExactly(wanter);
        assertThat(table.contents()).isEqualTo(SwarmTable.MAX_WANTED + 1);
    }

    @Test
    void edgesAreToldOfThoughTheyHoldNothing() {
        PeerId edge = edge(FAR_AWAY, "http://203.0.113.1/");
        PeerId asker = page(HERE);

        assertThat(table.lookup(asker, new Query(List.of(FILM), 5, Set.of())))
                .containsExactly(new Candidate(edge, true, List.of(), url("http://203.0.113.1/")));
    }

    @Test
    void twoEdgesHaveAPlaceBesideManyHolders() {
        PeerId asker = page(HERE);
        IntStream.range(0, 30).forEach(i -> announce(page(HERE), List.of(FILM)));
        PeerId one = edge(FAR_AWAY, null);
        PeerId two = edge(FAR_AWAY, null);

        List<PeerId> told = told(asker, 5, FILM);

        assertThat(told).hasSize(5).contains(one, two);
        assertThat(told.subList(3, 5)).containsExactlyInAnyOrder(one, two);
        assertThat(told(asker, 1, FILM)).doesNotContain(one, two);
    }

    @Test
    void everybodyIsSentToTheSameColdEdges() {
        IntStream.range(0, 20).forEach(i -> edge(FAR_AWAY, null));

        List<Set<PeerId>> answers = IntStream.range(0, 10)
                .mapToObj(i -> Set.copyOf(told(page(HERE), 10, FILM)).stream()
                        .filter(id -> isEdge(id))
                        .collect(Collectors.toSet()))
                .toList();

        assertThat(answers.get(0)).hasSize(2);
        assertThat(answers).containsOnly(answers.get(0));
    }

    @Test
    void inEdgesModePagesAreToldOfEdgesOnly() {
        PeerId shy = joined(new Traits(false, true, HERE, null));
        PeerId bold = page(HERE);
        announce(shy, List.of(FILM), "/");
        announce(bold, List.of(FILM), "/");
        List<PeerId> edges =
                IntStream.range(0, 5).mapToObj(i -> edge(FAR_AWAY, null)).toList();

        assertThat(told(shy, 10, FILM)).containsExactlyInAnyOrderElementsOf(edges);
        assertThat(told(bold, 10, FILM)).doesNotContain(shy);
        assertThat(told(edges.get(0), 10, FILM)).contains(shy, bold);
        assertThat(table.mayMeet(shy, bold)).isFalse();
        assertThat(table.mayMeet(bold, shy)).isFalse();
        assertThat(table.mayMeet(shy, edges.get(0))).isTrue();
    }

    @Test
    void peersThatLostTheirConnectionAreNotToldOfUntilTheyAreBack() {
        PeerId asker = page(HERE);
        PeerId holder = page(HERE);
        announce(holder, List.of(FILM));

        table.suspend(holder);
        assertThat(told(asker, 5, FILM)).isEmpty();

        table.resume(holder, new Traits(false, false, FAR_AWAY, null));
        assertThat(told(asker, 5, FILM)).containsExactly(holder);
    }

    @Test
    void holdingsBeyondThePagesLimitAreRefused() {
        PeerId holder = page(HERE);
        List<ContentId> many = IntStream.range(0, Limits.MAX_PAGE_HOLDINGS)
                .mapToObj(SwarmTableTest::content)
                .toList();

        assertThat(announce(holder, many).refused()).isZero();
        assertThat(announce(holder, List.of(content(0), content(9000))).refused())
                .isEqualTo(1);
        assertThat(table.announce(holder, new Announcement(List.of(content(9000)), List.of(content(0)), null, 1))
                        .refused())
                .isZero();
        assertThat(table.contents()).isEqualTo(Limits.MAX_PAGE_HOLDINGS);
    }

    @Test
    void newcomersAreHintedAtTheirGroupAndTwoEdges() {
        List<PeerId> fellows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            PeerId fellow = page(HERE);
            assertThat(announce(fellow, List.of(), "/live").newGroup()).isTrue();
            fellows.add(fellow);
        }
        announce(page(HERE), List.of(), "/elsewhere");
        List<PeerId> edges =
                IntStream.range(0, 4).mapToObj(i -> edge(HERE, null)).toList();
        PeerId newcomer = page(HERE);
        announce(newcomer, List.of(), "/live");

        List<PeerId> hinted = table.hint(newcomer).stream().map(Candidate::id).toList();

        assertThat(hinted).hasSize(8);
        assertThat(hinted.stream().filter(edges::contains)).hasSize(2);
        assertThat(hinted.stream().filter(fellows::contains)).hasSize(6);
    }

    @Test
    void hintsWithoutEdgesAreNotLonger() {
        IntStream.range(0, 20).forEach(i -> announce(page(HERE), List.of(), "/live"));
        PeerId newcomer = page(HERE);
        announce(newcomer, List.of(), "/live");

        assertThat(table.hint(newcomer)).hasSize(6);
    }

    @Test
    void stayingInAGroupIsNoNews() {
        PeerId peer = page(HERE);
        announce(peer, List.of(), "/a", "/b");

        assertThat(announce(peer, List.of(), "/b").newGroup()).isFalse();
        assertThat(announce(peer, List.of()).newGroup()).isFalse();
    }

    @Test
    void unknownPeersAreOurOwnMistake() {
        assertThatThrownBy(() -> table.suspend(PeerId.random(random))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void addressesAreComparedByPrefix() throws Exception {
        Network v4 = Network.of(InetAddress.getByName("203.0.113.7"));

        assertThat(v4.isNear(Network.of(InetAddress.getByName("203.0.113.200"))))
                .isTrue();
        assertThat(v4.isNear(Network.of(InetAddress.getByName("203.0.114.7")))).isFalse();
        assertThat(v4.isWithinReach(Network.of(InetAddress.getByName("203.0.114.7"))))
                .isTrue();
        assertThat(v4.isWithinReach(Network.of(InetAddress.getByName("203.1.113.7"))))
                .isFalse();
        Network v6 = Network.of(InetAddress.getByName("2001:db8:1:2::7"));
        assertThat(v6.isNear(Network.of(InetAddress.getByName("2001:db8:1:ffff::1"))))
                .isTrue();
        assertThat(v6.isNear(Network.of(InetAddress.getByName("2001:db8:2::7"))))
                .isFalse();
        assertThat(v6.isWithinReach(Network.of(InetAddress.getByName("2001:db8:2::7"))))
                .isTrue();
        assertThat(v6.isWithinReach(Network.of(InetAddress.getByName("2001:db9::7"))))
                .isFalse();
    }

    private boolean isEdge(PeerId id) {
        return table.mayMeet(id, joined(new Traits(false, true, HERE, null)));
    }

    private PeerId page(Network network) {
        return joined(new Traits(false, false, network, null));
    }

    private PeerId edge(Network network, String http) {
        return joined(new Traits(true, false, network, http == null ? null : url(http)));
    }

    private PeerId joined(Traits traits) {
        PeerId id = PeerId.random(random);
        table.join(id, traits);
        return id;
    }

    private Announced announce(PeerId id, List<ContentId> have, String... groups) {
        List<Group> in = groups.length == 0
                ? null
                : List.of(groups).stream().map(Group::new).toList();
        return table.announce(id, new Announcement(have, List.of(), in, 4));
    }

    private List<PeerId> told(PeerId asker, int count, ContentId... contents) {
        return table.lookup(asker, new Query(List.of(contents), count, Set.of())).stream()
                .map(Candidate::id)
                .toList();
    }

    private static ContentId content(int number) {
        return new ContentId(Sha256.of(Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
    }

    private static ResourceUrl url(String text) {
        try {
            return ResourceUrl.parse(text);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }
}
