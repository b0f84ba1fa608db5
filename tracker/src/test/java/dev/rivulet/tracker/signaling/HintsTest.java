package dev.rivulet.tracker.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.HintWishes;
import dev.rivulet.protocol.message.Hints;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.tracker.swarm.Hintable;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HintsTest {
    private static final int ROUND_SECONDS = (int) (Signaling.HINT_MS / 1000);

    private final FakeSite site = new FakeSite();

    @Test
    void anEdgeIsToldWhatVisitorsAskFor() {
        list(1);
        Client edge = edge(HintWishes.ANYTHING);
        Client page = site.page();
        ask(page);
        ask(site.page());

        site.passSeconds(ROUND_SECONDS);

        assertThat(edge.outlet.only(Hints.class))
                .isEqualTo(new Hints(List.of(new Hints.Hint(FakeSite.url(urlOf(1)), FakeSite.content(1), 1000, 2, 0))));
        assertThat(page.outlet.sent(Hints.class)).isEmpty();
    }

    @Test
    void anEdgeThatDoesNotWantHintsIsToldNothing() {
        list(1);
        Client edge = edge(null);
        ask(site.page());
        ask(site.page());

        site.passSeconds(ROUND_SECONDS);

        assertThat(edge.outlet.sent(Hints.class)).isEmpty();
    }

    @Test
    void manyHintsComeInSeveralMessages() {
        int count = Limits.MAX_HINTS + 1;
        IntStream.range(0, count).forEach(this::list);
        Client edge = edge(new HintWishes(List.of(new UrlPattern("/media/**")), List.of()));

        site.passSeconds(ROUND_SECONDS);

        assertThat(edge.outlet.sent(Hints.class))
                .extracting(hints -> hints.hints().size())
                .containsExactly(Limits.MAX_HINTS, 1);
    }

    private Client edge(@Nullable HintWishes wishes) {
        Hello plain = FakeSite.hello(FakeSite.DEMO, Role.EDGE, FakeSite.EDGE_TOKEN, null);
        return site.connect(null, "198.51.100.1")
                .say(new Hello(
                        plain.site(),
                        plain.role(),
                        plain.agent(),
                        plain.token(),
                        null,
                        List.of(),
                        null,
                        null,
                        plain.key(),
                        wishes));
    }

    private void list(int number) {
        site.hintable.add(new Hintable.Resource(FakeSite.url(urlOf(number)), FakeSite.content(number), 1000));
    }

    private static String urlOf(int number) {
        return "http://content.example/media/" + number;
    }

    private static void ask(Client page) {
        page.say(new Lookup(7, List.of(FakeSite.content(1)), 5, List.of()));
    }
}
