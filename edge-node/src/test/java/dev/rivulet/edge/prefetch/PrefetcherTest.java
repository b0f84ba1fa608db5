package dev.rivulet.edge.prefetch;

import static dev.rivulet.edge.catalog.TestEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.store.MemoryPieceStore;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.edge.tracker.TrackerLink;
import dev.rivulet.edge.transfer.PieceProvider;
import dev.rivulet.edge.transfer.Spread;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.HintWishes;
import dev.rivulet.protocol.message.Hints;
import dev.rivulet.protocol.message.Hints.Hint;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PrefetcherTest {
    private static final int PIECE = 256 << 10;
    private static final long DISK = 64 << 20;

    private final TestContent film = TestContent.of(1, 6 * PIECE + 1);
    private final TestContent picture = TestContent.of(2, 1000);
    private final ResourceUrl filmUrl = url("http://content.example/films/1");
    private final ResourceUrl pictureUrl = url("http://content.example/images/1");
    private final Map<ContentId, TestContent> elsewhere = new ConcurrentHashMap<>();
    private final List<ContentId> asked = new CopyOnWriteArrayList<>();
    private final MemoryPieceStore store = new MemoryPieceStore();
    private final Spread spread = new Spread(System::nanoTime);
    private final SiteCatalog catalog = new SiteCatalog();
    private final FakeLink link = new FakeLink();
    private volatile long held;
    private @Nullable Prefetcher prefetcher;

    @AfterEach
    void close() {
        if (prefetcher != null) {
            prefetcher.close();
        }
    }

    @Test
    void whatIsHintedIsFetchedWhole() throws Exception {
        start(HintWishes.ANYTHING);

        link.say(hint(filmUrl, film, 5, 1));

        Eventually.holds("all is there", () -> isHeld(film));
        assertThat(asked).hasSize(film.pieces());
    }

    @Test
    void onlyWhatIsMissingIsFetched() throws Exception {
        store.write(film.layout(), 2, film.piece(2));
        start(HintWishes.ANYTHING);

        link.say(hint(filmUrl, film, 5, 3));

        Eventually.holds("all is there", () -> isHeld(film));
        assertThat(asked).hasSize(film.pieces() - 1);
    }

    @Test
    void whatTheCatalogDoesNotSayIsNotFetched() throws Exception {
        TestContent other = TestContent.of(3, 1000);
        start(HintWishes.ANYTHING);

        link.say(hint(filmUrl, other, 5, 0), hint(url("http://content.example/no"), other, 5, 0));
        link.say(hint(pictureUrl, picture, 5, 0));

        Eventually.holds("the other one is there", () -> isHeld(picture));
        assertThat(asked).containsOnly(picture.id());
    }

    @Test
    void whatIsHintedBeforeTheCatalogHasComeIsFetchedThen() throws Exception {
        startWithoutCatalog(HintWishes.ANYTHING);
        link.say(hint(filmUrl, film, 5, 0));

        publish(entry(pictureUrl, picture));
        publish(entry(pictureUrl, picture), entry(filmUrl, film));

        Eventually.holds("all is there", () -> isHeld(film));
        assertThat(asked).containsOnly(film.id());
    }

    @Test
    void whatIsOutsideOfAllThatIsWantedIsNotFetched() throws Exception {
        start(new HintWishes(List.of(), List.of(new UrlPattern("/images/**"))));

        link.say(hint(filmUrl, film, 5, 0));
        link.say(hint(pictureUrl, picture, 1, 0));

        Eventually.holds("the other one is there", () -> isHeld(picture));
        assertThat(asked).containsOnly(picture.id());
    }

    @Test
    void whatIsRareAndHeldCountsAsUsed() throws Exception {
        film.into(store);
        picture.into(store);
        start(HintWishes.ANYTHING);

        link.say(hint(filmUrl, film, 1, 2), hint(pictureUrl, picture, 9, 3));

        Eventually.holds("it was used", () -> !store.used().isEmpty());
        assertThat(store.used()).containsExactly(film.id());
        Eventually.holds("and is worth what one other holder leaves of it", () -> spread.uses(film.id()) == 2);
        assertThat(asked).isEmpty();
    }

    @Test
    void whatHasNoRoomWaitsAndWhatHasComes() throws Exception {
        held = DISK - DISK / Means.RESERVED_PART - 2000;
        start(HintWishes.ANYTHING);

        link.say(hint(filmUrl, film, 9, 0), hint(pictureUrl, picture, 1, 0));
        Eventually.holds("the small one is there", () -> isHeld(picture));
        assertThat(asked).containsOnly(picture.id());
        held = 0;

        Eventually.holds("the large one is there", () -> isHeld(film));
    }

    @Test
    void whatIsNotToBeHadDoesNotHoldUpOthers() throws Exception {
        start(HintWishes.ANYTHING);
        elsewhere.remove(film.id());

        link.say(hint(filmUrl, film, 9, 0), hint(pictureUrl, picture, 1, 0));

        Eventually.holds("the other one is there", () -> isHeld(picture));
        assertThat(store.held(film.id()).isEmpty()).isTrue();
    }

    private void start(HintWishes wishes) {
        publish(entry(filmUrl, film), entry(pictureUrl, picture));
        startWithoutCatalog(wishes);
    }

    private void publish(Entry... entries) {
        catalog.replace(
                new Head(
                        new SiteId("demo"),
                        1,
                        1,
                        0,
                        Long.MAX_VALUE >> 12,
                        null,
                        0,
                        new ShardHash(Sha256.of(new byte[0]))),
                List.of(entries));
    }

    private void startWithoutCatalog(HintWishes wishes) {
        elsewhere.put(film.id(), film);
        elsewhere.put(picture.id(), picture);
        Means means = new Means(DISK, 0, 0, 0);
        PieceProvider pieces = this::fetch;
        prefetcher = new Prefetcher(new Prefetcher.Surroundings(
                link,
                wishes,
                means,
                catalog,
                store,
                pieces,
                new TransferCounts(),
                spread,
                () -> true,
                () -> held,
                () -> 0));
        prefetcher.start();
    }

    private CompletableFuture<ByteBuffer> fetch(ContentId content, int index, @Nullable ResourceUrl url) {
        asked.add(content);
        TestContent found = elsewhere.get(content);
        if (found == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("nobody has it"));
        }
        store.write(found.layout(), index, found.piece(index));
        return CompletableFuture.completedFuture(found.piece(index));
    }

    private boolean isHeld(TestContent content) {
        return store.held(content.id()).cardinality() == content.pieces();
    }

    private static Hint hint(ResourceUrl url, TestContent content, long demand, long holders) {
        return new Hint(url, content.id(), content.layout().size(), demand, holders);
    }

    private static ResourceUrl url(String text) {
        try {
            return ResourceUrl.parse(text);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    /** A tracker's words come at once. */
    private static final class FakeLink implements TrackerLink {
        private @Nullable Listener listener;

        @Override
        public boolean send(ClientMessage message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void listen(Listener hears) {
            listener = hears;
        }

        void say(Hint... hints) {
            Objects.requireNonNull(listener).received(new Hints(List.of(hints)));
        }
    }
}
