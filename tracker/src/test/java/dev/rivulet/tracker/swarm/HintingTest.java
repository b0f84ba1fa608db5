package dev.rivulet.tracker.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.message.HintWishes;
import dev.rivulet.protocol.message.Hints.Hint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HintingTest {
    private static final Network HERE = new Network(1, 1);
    private static final long SIZE = 1000;
    private static final Hintable.Resource FILM = resource("/films/1");
    private static final Hintable.Resource PICTURE = resource("/images/1");

    private final Random random = new Random(11);
    private final SwarmTable table = new SwarmTable(random);
    private final List<Hintable.Resource> listed = new ArrayList<>(List.of(FILM, PICTURE));
    private final Hintable site = new Hintable() {
        @Override
        public List<Resource> withContent(ContentId content) {
            return listed.stream()
                    .filter(resource -> resource.content().equals(content))
                    .toList();
        }

        @Override
        public Iterator<Resource> all() {
            return List.copyOf(listed).iterator();
        }
    };

    @Test
    void whatTwoPagesAskForIsHintedToOneEdge() {
        edge(HintWishes.ANYTHING);
        edge(HintWishes.ANYTHING);
        edge(HintWishes.ANYTHING);
        look(page(), FILM);
        assertThat(table.hints(site)).isEmpty();
        look(page(), FILM);

        List<HintedEdge> hinted = table.hints(site);

        assertThat(hinted).hasSize(1);
        assertThat(hinted.get(0).hints()).containsExactly(new Hint(FILM.url(), FILM.content(), SIZE, 2, 0));
    }

    @Test
    void theEdgeIsTheOneToWhichVisitorsAreSent() {
        IntStream.range(0, 8).forEach(i -> edge(HintWishes.ANYTHING));
        PeerId page = page();
        look(page, FILM);
        look(page(), FILM);

        PeerId hinted = table.hints(site).get(0).edge();

        List<Candidate> told = table.lookup(page, new Query(List.of(FILM.content()), 20, Set.of()));
        assertThat(told.stream().filter(Candidate::edge).findFirst().map(Candidate::id))
                .contains(hinted);
    }

    @Test
    void nobodyIsToldTwiceWhileItMayBeFetching() {
        edge(HintWishes.ANYTHING);
        edge(HintWishes.ANYTHING);
        look(page(), FILM);
        look(page(), FILM);
        table.hints(site);

        for (int round = 1; round < Hinting.PATIENCE_ROUNDS; round++) {
            assertThat(table.hints(site)).isEmpty();
        }
    }

    @Test
    void whoDoesNotFollowIsPassedOver() {
        edge(HintWishes.ANYTHING);
        edge(HintWishes.ANYTHING);
        look(page(), FILM);
        look(page(), FILM);
        PeerId first = table.hints(site).get(0).edge();

        Set<PeerId> later = new HashSet<>();
        for (int round = 0; round <= Hinting.PATIENCE_ROUNDS; round++) {
            table.hints(site).forEach(hinted -> later.add(hinted.edge()));
        }

        assertThat(later).hasSize(1).doesNotContain(first);
    }

    @Test
    void edgesThatWantNoHintsHearNothing() {
        edge(null);
        look(page(), FILM);
        look(page(), FILM);

        assertThat(table.hints(site)).isEmpty();
    }

    @Test
    void whatEdgesAskForIsNoDemand() {
        edge(HintWishes.ANYTHING);
        look(edge(null), FILM);
        hold(edge(null), FILM);
        hold(edge(null), FILM);

        assertThat(table.hints(site)).isEmpty();
    }

    @Test
    void whatTheCatalogDoesNotListIsNotHinted() {
        edge(HintWishes.ANYTHING);
        look(page(), FILM);
        look(page(), FILM);
        listed.clear();

        assertThat(table.hints(site)).isEmpty();
    }

    @Test
    void anEdgeHearsOnlyOfWhatItWants() {
        PeerId films = edge(wishes(List.of(), List.of("/films/**")));
        look(page(), PICTURE);
        look(page(), PICTURE);
        assertThat(table.hints(site)).isEmpty();
        look(page(), FILM);
        look(page(), FILM);

        assertThat(table.hints(site)).extracting(HintedEdge::edge).containsExactly(films);
    }

    @Test
    void whatFewHoldIsHintedToTheEdgesAmongThemSoThatTheyKeepIt() {
        PeerId keeper = edge(HintWishes.ANYTHING);
        hold(keeper, FILM);
        look(page(), FILM);

        List<HintedEdge> hinted = table.hints(site);

        assertThat(hinted).extracting(HintedEdge::edge).containsExactly(keeper);
        assertThat(hinted.get(0).hints())
                .containsExactly(new Hint(FILM.url(), FILM.content(), SIZE, 1, 1))
                .allMatch(Hint::isRare);
    }

    @Test
    void pinsAreHintedThoughNobodyAsks() {
        PeerId pinned = edge(wishes(List.of("/films/**"), List.of()));
        edge(HintWishes.ANYTHING);

        List<HintedEdge> hinted = table.hints(site);

        assertThat(hinted).extracting(HintedEdge::edge).containsExactly(pinned);
        assertThat(hinted.get(0).hints()).containsExactly(new Hint(FILM.url(), FILM.content(), SIZE, 0, 0));
    }

    @Test
    void allPinsComeInTurn() {
        listed.clear();
        IntStream.range(0, 3 * Hinting.MAX_PER_ROUND).forEach(i -> listed.add(resource("/films/" + i)));
        edge(wishes(List.of("/films/**"), List.of()));

        Set<ResourceUrl> hinted = new HashSet<>();
        for (int round = 0; round < 4; round++) {
            table.hints(site).forEach(each -> {
                assertThat(each.hints()).hasSizeLessThanOrEqualTo(Hinting.MAX_PER_ROUND);
                each.hints().forEach(hint -> hinted.add(hint.url()));
            });
        }

        assertThat(hinted).hasSize(3 * Hinting.MAX_PER_ROUND);
    }

    @Test
    void pinsThatAreHeldAreHintedOnceForPerhapsOnlySomeOfThemIsThere() {
        PeerId pinned = edge(wishes(List.of("/films/**"), List.of()));
        hold(pinned, FILM);

        assertThat(table.hints(site)).hasSize(1);
        for (int round = 0; round < 2 * Hinting.REPEAT_ROUNDS; round++) {
            assertThat(table.hints(site)).isEmpty();
        }
    }

    private PeerId edge(HintWishes wishes) {
        PeerId id = joined(true);
        table.announce(id, new Announcement(List.of(), List.of(), null, 4));
        table.wishes(id, wishes);
        return id;
    }

    private PeerId page() {
        return joined(false);
    }

    private PeerId joined(boolean edge) {
        PeerId id = PeerId.random(random);
        table.join(id, new Traits(edge, false, HERE, null));
        return id;
    }

    private void look(PeerId peer, Hintable.Resource resource) {
        assertThat(table.lookup(peer, new Query(List.of(resource.content()), 4, Set.of())))
                .isNotNull();
    }

    private void hold(PeerId peer, Hintable.Resource resource) {
        table.announce(peer, new Announcement(List.of(resource.content()), List.of(), null, 4));
    }

    private static HintWishes wishes(List<String> pins, List<String> only) {
        return new HintWishes(
                pins.stream().map(UrlPattern::new).toList(),
                only.stream().map(UrlPattern::new).toList());
    }

    private static Hintable.Resource resource(String path) {
        try {
            ContentId content = new ContentId(Sha256.of(path.getBytes(StandardCharsets.UTF_8)));
            return new Hintable.Resource(ResourceUrl.parse("http://content.example" + path), content, SIZE);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }
}
