package dev.rivulet.tracker.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.catalog.PublishBody.Item;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.catalog.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PublicationTest {
    private static final long NOW = 1_800_000_000;
    private static final SitePolicy POLICY =
            Policies.of("https://content.example", List.of("/**"), List.of("/private/**"));

    @Test
    void entriesBecomePublishedAndFreshFromNowOn() throws DecodeException {
        CatalogChange change = read(List.of(item("/a", 60)), List.of(Entries.url("/b")));

        CatalogEntry entry = change.puts().get(0).entry();
        assertThat(entry.url()).isEqualTo(Entries.url("/a"));
        assertThat(entry.source()).isEqualTo(Source.PUBLISHED);
        assertThat(entry.entry().freshUntil()).isEqualTo(NOW + 60);
        assertThat(entry.maxAgeSeconds()).isEqualTo(60);
        assertThat(change.removed()).containsExactly(Entries.url("/b").hash());
        assertThat(change.pace()).isEqualTo(CatalogChange.Pace.AT_ONCE);
    }

    @Test
    void moreThanAYearCountsAsAYear() throws DecodeException {
        CatalogChange change = read(List.of(item("/a", Limits.MAX_INTEGER)), List.of());

        assertThat(change.puts().get(0).entry().entry().freshUntil()).isEqualTo(NOW + Publication.MAX_AGE_SECONDS);
    }

    @Test
    void urlOutsideOfTheContentOriginsIsNamedWithItsEntry() {
        Item outside = new Item(
                url("https://elsewhere.example/a"), item("/a", 1).layout(), Map.of(), Validators.NONE, 1, true);

        assertThatThrownBy(() -> read(List.of(item("/a", 1), outside), List.of()))
                .isInstanceOf(DecodeException.class)
                .hasMessageStartingWith("publish.entries[1].url: ")
                .hasMessageContaining("https://elsewhere.example is not one of the site's content-origins");
    }

    @Test
    void urlOutsideOfThePatternsIsNamedWithItsEntry() {
        assertThatThrownBy(() -> read(List.of(item("/private/a", 1)), List.of()))
                .isInstanceOf(DecodeException.class)
                .hasMessageStartingWith("publish.entries[0].url: ")
                .hasMessageContaining("patterns");
        assertThatThrownBy(() -> read(List.of(item("/a?b", 1)), List.of())).hasMessageContaining("patterns");
    }

    @Test
    void urlThatComesTwiceIsRefused() {
        assertThatThrownBy(() -> read(List.of(item("/a", 1), item("/a", 2)), List.of()))
                .hasMessageStartingWith("publish.entries[1].url: ");
        assertThatThrownBy(() -> read(List.of(item("/a", 1)), List.of(Entries.url("/a"))))
                .hasMessageStartingWith("publish.removed[0]: ");
    }

    @Test
    void headersThatMakeTheEntryTooLongAreRefused() {
        String longest = "x".repeat(Limits.MAX_HEADER_CHARS);
        Item item = new Item(
                Entries.url("/a"),
                item("/a", 1).layout(),
                Map.of(
                        "content-type", longest,
                        "content-disposition", longest,
                        "content-language", longest,
                        "content-security-policy", longest),
                Validators.NONE,
                1,
                true);

        assertThatThrownBy(() -> read(List.of(item), List.of())).hasMessageStartingWith("publish.entries[0].headers: ");
    }

    @Test
    void whatIsOfAStreamIsToldAtOnceAndNotPublishedToStay() throws DecodeException {
        byte[] body = new PublishBody(List.of(item("/1.ts", 60)), List.of(), true)
                .text()
                .getBytes(StandardCharsets.UTF_8);

        CatalogChange change = Publication.read(body, POLICY, NOW);

        assertThat(change.pace()).isEqualTo(CatalogChange.Pace.STREAMED);
        assertThat(change.puts().get(0).entry().source()).isEqualTo(Source.STREAMED);
    }

    @Test
    void layoutThatIsNoneIsNamedWithItsEntry() {
        String body = """
                {"entries":[{"url":"https://content.example/a","layout":"AAAA","headers":{},"maxAge":1,"ranges":true}],
                 "removed":[]}""";

        assertThatThrownBy(() -> Publication.read(body.getBytes(StandardCharsets.UTF_8), POLICY, NOW))
                .isInstanceOf(DecodeException.class)
                .hasMessageStartingWith("publish.entries[0].layout: ");
    }

    private static CatalogChange read(List<Item> entries, List<ResourceUrl> removed) throws DecodeException {
        byte[] body = new PublishBody(entries, removed).text().getBytes(StandardCharsets.UTF_8);
        return Publication.read(body, POLICY, NOW);
    }

    private static Item item(String path, long maxAge) {
        return new Item(
                Entries.url(path),
                Entries.layout(path.getBytes(StandardCharsets.UTF_8)),
                Map.of("content-type", "text/plain"),
                Validators.NONE,
                maxAge,
                true);
    }

    private static ResourceUrl url(String text) {
        try {
            return ResourceUrl.parse(text);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
