package dev.rivulet.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.origin.HttpOriginFetcher.Manner;
import dev.rivulet.edge.origin.HttpOriginFetcher.Surroundings;
import dev.rivulet.edge.store.MemoryPieceStore;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ResourceUrl;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpOriginFetcherIT {
    private static final int PIECE = 262_144;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SHORT_TIMEOUT = Duration.ofMillis(500);
    private static final long DEADLINE_SECONDS = 60;

    private final TestOrigin origin = new TestOrigin();
    private final MemoryPieceStore store = new MemoryPieceStore();
    private final List<ResourceUrl> contradicted = new CopyOnWriteArrayList<>();
    private final List<HttpOriginFetcher> fetchers = new ArrayList<>();
    private Optional<SitePolicy> policy = Optional.of(TestEntries.policy("http://127.0.0.1:" + origin.port()));
    private boolean volunteerAllowsPrivate = true;
    private final Gathering gathering = new Gathering();
    private final HttpOriginFetcher fetcher = fetcher(Names::system, TIMEOUT);

    private HttpOriginFetcher fetcher(Resolve names, Duration timeout) {
        HttpOriginFetcher made = new HttpOriginFetcher(
                new Surroundings(() -> policy, () -> volunteerAllowsPrivate, store, contradicted::add, new LongAdder()),
                new Manner("rivulet-edge/test", 4, timeout),
                new Names(names),
                gathering::before);
        fetchers.add(made);
        return made;
    }

    @AfterEach
    void close() throws IOException {
        for (HttpOriginFetcher each : fetchers) {
            each.close();
        }
        origin.close();
    }

    @Test
    void aPieceIsFetchedByARangeRequestAndKept() throws Exception {
        TestContent content = TestContent.of(1, 3 * PIECE + 5);
        origin.put("/a", content);

        ByteBuffer piece = get(fetch("/a", content, 2));

        assertThat(piece).isEqualTo(content.piece(2)).matches(ByteBuffer::isReadOnly);
        assertThat(origin.requests()).containsExactly("GET /a bytes=524288-786431");
        assertThat(store.read(content.id(), 2)).isEqualTo(content.piece(2));
    }

    @Test
    void adjacentPiecesAskedForTogetherShareOneRequest() throws Exception {
        TestContent content = TestContent.of(1, 10 * PIECE + 1);
        origin.put("/a", content);

        gathering.hold();
        List<CompletableFuture<ByteBuffer>> futures = IntStream.of(1, 2, 3, 7, 8, 10)
                .mapToObj(piece -> fetch("/a", content, piece))
                .toList();
        gathering.end();

        assertThat(get(futures.get(0))).isEqualTo(content.piece(1));
        assertThat(get(futures.get(4))).isEqualTo(content.piece(8));
        assertThat(get(futures.get(5))).isEqualTo(content.piece(10));
        assertThat(origin.requests())
                .containsExactlyInAnyOrder(
                        "GET /a bytes=262144-1048575", "GET /a bytes=1835008-2359295", "GET /a bytes=2621440-2621440");
    }

    @Test
    void whoeverWantsTheSamePieceSharesOneRequestAndHasABufferOfTheirOwn() throws Exception {
        TestContent content = TestContent.of(1, 3 * PIECE);
        origin.put("/a", content);

        gathering.hold();
        CompletableFuture<ByteBuffer> first = fetch("/a", content, 1);
        CompletableFuture<ByteBuffer> second = fetch("/a", content, 1);
        gathering.end();
        get(first).get();

        assertThat(get(second)).isEqualTo(content.piece(1));
        assertThat(origin.requests()).hasSize(1);
    }

    @Test
    void allPiecesTogetherAreTheWholeResourceWithoutARange() throws Exception {
        TestContent content = TestContent.of(1, 2 * PIECE + 9);
        origin.put("/a", content);

        gathering.hold();
        List<CompletableFuture<ByteBuffer>> futures = IntStream.range(0, 3)
                .mapToObj(piece -> fetch("/a", content, piece))
                .toList();
        gathering.end();

        for (int piece = 0; piece < 3; piece++) {
            assertThat(get(futures.get(piece))).isEqualTo(content.piece(piece));
        }
        assertThat(origin.requests()).containsExactly("GET /a");
    }

    @Test
    void anOriginWithoutRangesIsAskedOnceForTheWholeAndAllOfItIsKept() throws Exception {
        TestContent content = TestContent.of(1, 6 * PIECE);
        origin.put("/a", content);
        origin.withoutRanges();
        Entry entry = TestEntries.entry(origin.url("/a"), content, false);

        ByteBuffer piece = get(fetcher.fetch(entry, origin.url("/a"), content.layout(), 4));

        assertThat(piece).isEqualTo(content.piece(4));
        await(() -> store.held(content.id()).cardinality() == 6);
        assertThat(origin.requests()).containsExactly("GET /a");
    }

    @Test
    void anOriginThatIgnoresRangesAfterAllIsTakenAtItsWholeWord() throws Exception {
        TestContent content = TestContent.of(1, 6 * PIECE);
        origin.put("/a", content);
        origin.withoutRanges();

        ByteBuffer last = get(fetch("/a", content, 5));
        ByteBuffer second = store.read(content.id(), 1);

        assertThat(last).isEqualTo(content.piece(5));
        assertThat(second).isEqualTo(content.piece(1));
    }

    @Test
    void twoRangesIgnoredByTheOriginMakeOneWholeTransferCount() throws Exception {
        TestContent content = TestContent.of(1, 12 * PIECE);
        origin.put("/a", content);
        origin.withoutRanges();

        gathering.hold();
        CompletableFuture<ByteBuffer> first = fetch("/a", content, 1);
        CompletableFuture<ByteBuffer> second = fetch("/a", content, 9);
        gathering.end();

        assertThat(get(first)).isEqualTo(content.piece(1));
        assertThat(get(second)).isEqualTo(content.piece(9));
    }

    @Test
    void otherBytesAreNeitherGivenNorKeptButReportedAndNotAskedForAgain() throws Exception {
        TestContent content = TestContent.of(1, 3 * PIECE);
        origin.put("/a", TestContent.of(2, 3 * PIECE));

        assertThatThrownBy(() -> get(fetch("/a", content, 0))).hasCauseInstanceOf(ContradictedException.class);
        assertThatThrownBy(() -> get(fetch("/a", content, 1))).hasCauseInstanceOf(OriginException.class);

        assertThat(store.contents()).isEmpty();
        assertThat(contradicted).containsExactly(origin.url("/a"));
        assertThat(origin.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2 * PIECE, 4 * PIECE})
    void anotherSizeIsAContradiction(int size) {
        TestContent content = TestContent.of(1, 3 * PIECE);
        origin.put("/a", TestContent.of(1, size));

        assertThatThrownBy(() -> get(fetch("/a", content, 0))).hasCauseInstanceOf(ContradictedException.class);
        assertThat(contradicted).containsExactly(origin.url("/a"));
    }

    @Test
    void aRefusalIsNoContradictionAndMayBeTriedAgain() throws Exception {
        TestContent content = TestContent.of(1, 3 * PIECE);

        assertThatThrownBy(() -> get(fetch("/a", content, 0))).hasMessageContaining("404");
        origin.put("/a", content);

        assertThat(get(fetch("/a", content, 0))).isEqualTo(content.piece(0));
        assertThat(contradicted).isEmpty();
    }

    @Test
    void aConnectionThatBreaksOffFailsOnlyWhatHasNotArrived() throws Exception {
        TestContent content = TestContent.of(1, 3 * PIECE);
        origin.put("/a", exchange -> {
            exchange.setResponseContentLength(3 * PIECE);
            exchange.getOutputStream().write(content.bytes(), 0, PIECE + 7);
            exchange.getOutputStream().flush();
            exchange.getConnection().close();
        });

        gathering.hold();
        CompletableFuture<ByteBuffer> first = fetch("/a", content, 0);
        CompletableFuture<ByteBuffer> second = fetch("/a", content, 1);
        CompletableFuture<ByteBuffer> third = fetch("/a", content, 2);
        gathering.end();

        assertThat(get(first)).isEqualTo(content.piece(0));
        assertThatThrownBy(() -> get(second)).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> get(third)).hasCauseInstanceOf(IOException.class);
        assertThat(contradicted).isEmpty();
    }

    @Test
    void aSilentOriginIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        origin.put("/a", exchange -> assertThat(never.await(DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue());
        TestContent content = TestContent.of(1, PIECE);
        ResourceUrl url = origin.url("/a");
        HttpOriginFetcher impatient = fetcher(Names::system, SHORT_TIMEOUT);

        assertThatThrownBy(() -> get(impatient.fetch(TestEntries.entry(url, content), url, content.layout(), 0)))
                .hasCauseInstanceOf(java.net.SocketTimeoutException.class);

        never.countDown();
    }

    @Test
    void anEncodedResponseIsRefused() {
        origin.put("/a", exchange -> {
            exchange.getResponseHeaders().put(Headers.CONTENT_ENCODING, "gzip");
            exchange.getOutputStream().write(new byte[20]);
        });

        assertThatThrownBy(() -> get(fetch("/a", TestContent.of(1, PIECE), 0))).hasMessageContaining("gzip");
        assertThat(contradicted).isEmpty();
    }

    @Test
    void anotherRangeThanAskedForIsRefused() {
        TestContent content = TestContent.of(1, 3 * PIECE);
        origin.put("/a", exchange -> {
            exchange.setStatusCode(206);
            exchange.getResponseHeaders().put(Headers.CONTENT_RANGE, "bytes 1-262144/786432");
            exchange.getOutputStream().write(new byte[PIECE]);
        });

        assertThatThrownBy(() -> get(fetch("/a", content, 0))).hasMessageContaining("another range");
    }

    @Test
    void identityIsAskedForByNameAndWithoutCookies() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        TestContent content = TestContent.of(1, 100);
        origin.put("/a", exchange -> {
            seen.add(exchange.getRequestHeaders().getFirst(Headers.ACCEPT_ENCODING));
            seen.add(exchange.getRequestHeaders().getFirst(Headers.USER_AGENT));
            seen.add(String.valueOf(exchange.getRequestHeaders().getFirst(Headers.COOKIE)));
            exchange.getResponseHeaders().put(Headers.SET_COOKIE, "a=b; Path=/");
            exchange.getOutputStream().write(content.bytes());
        });
        get(fetch("/a", content, 0));
        get(fetch("/a", content, 0));

        assertThat(seen)
                .containsExactly("identity", "rivulet-edge/test", "null", "identity", "rivulet-edge/test", "null");
    }

    @Test
    void redirectsWithinTheSiteAreFollowed() throws Exception {
        TestContent content = TestContent.of(1, 2 * PIECE);
        origin.put("/a", exchange -> redirect(exchange, "/b#part"));
        origin.put("/b", content);

        assertThat(get(fetch("/a", content, 1))).isEqualTo(content.piece(1));
        assertThat(origin.requests()).containsExactly("GET /a bytes=262144-524287", "GET /b bytes=262144-524287");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:1/b", "//example.com/b", "file:///etc/passwd", "/../x", ""})
    void otherRedirectsAreNot(String location) {
        origin.put("/a", exchange -> redirect(exchange, location));

        assertThatThrownBy(() -> get(fetch("/a", TestContent.of(1, PIECE), 0)))
                .hasCauseInstanceOf(OriginException.class)
                .hasMessageContaining("redirect");
    }

    @Test
    void redirectsInCirclesEnd() {
        origin.put("/a", exchange -> redirect(exchange, "/a"));

        assertThatThrownBy(() -> get(fetch("/a", TestContent.of(1, PIECE), 0))).hasMessageContaining("redirects");
        assertThat(origin.requests()).hasSize(OriginHttp.MAX_REDIRECTS + 1);
    }

    @Test
    void whatTheSiteDoesNotAllowIsNotAskedFor() {
        TestContent content = TestContent.of(1, PIECE);
        origin.put("/secret/a", content);

        assertThatThrownBy(() -> get(fetch("/secret/a", content, 0))).hasMessageContaining("not allow");
        policy = Optional.empty();
        assertThatThrownBy(() -> get(fetch("/b", content, 0))).hasMessageContaining("not allow");
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void anAddressThatTheSiteNamesIsRefusedUnlessTheVolunteerAllowsPrivateOnes() throws Exception {
        TestContent content = TestContent.of(1, PIECE);
        origin.put("/a", content);
        volunteerAllowsPrivate = false;

        assertThatThrownBy(() -> get(fetch("/a", content, 0))).hasCauseInstanceOf(UnknownHostException.class);
        assertThat(origin.requests()).isEmpty();
        volunteerAllowsPrivate = true;

        assertThat(get(fetch("/a", content, 0))).isEqualTo(content.piece(0));
    }

    @Test
    void aNameThatResolvesToAPrivateAddressNeedsTheSitesWordToo() throws Exception {
        TestContent content = TestContent.of(1, PIECE);
        origin.put("/a", content);
        String named = "http://cdn.example:" + origin.port();
        ResourceUrl url = origin.url("cdn.example", "/a");
        Entry entry = TestEntries.entry(url, content);
        HttpOriginFetcher toLoopback = fetcher(host -> new InetAddress[] {InetAddress.getLoopbackAddress()}, TIMEOUT);

        policy = Optional.of(TestEntries.policy(false, named));
        assertThatThrownBy(() -> get(toLoopback.fetch(entry, url, content.layout(), 0)))
                .hasCauseInstanceOf(UnknownHostException.class);
        policy = Optional.of(TestEntries.policy(true, named));

        assertThat(get(toLoopback.fetch(entry, url, content.layout(), 0))).isEqualTo(content.piece(0));
    }

    @Test
    void pathsThatOnlyBrowsersTolerateArriveAsTheyAre() throws Exception {
        TestContent content = TestContent.of(1, 10);
        List<String> lines = new CopyOnWriteArrayList<>();
        origin.put("/a|b[1]", exchange -> {
            lines.add(exchange.getRequestURI() + "?" + exchange.getQueryString());
            exchange.getOutputStream().write(content.bytes());
        });
        ResourceUrl url = origin.url("/a|b[1]?q={x}|^");

        ByteBuffer piece = get(fetcher.fetch(TestEntries.entry(url, content), url, content.layout(), 0));

        assertThat(piece).isEqualTo(content.piece(0));
        assertThat(lines).containsExactly("/a|b[1]?q={x}|^");
    }

    @Test
    void whoWaitsWhileTheFetcherStopsIsTold() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        origin.put("/a", exchange -> {
            asked.countDown();
            assertThat(never.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        });
        CompletableFuture<ByteBuffer> waiting = fetch("/a", TestContent.of(1, PIECE), 0);
        assertThat(asked.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();

        fetcher.close();

        assertThatThrownBy(() -> get(waiting)).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> get(fetch("/b", TestContent.of(2, PIECE), 0))).hasCauseInstanceOf(IOException.class);
        never.countDown();
    }

    private CompletableFuture<ByteBuffer> fetch(String path, TestContent content, int piece) {
        ResourceUrl url = origin.url(path);
        return fetcher.fetch(TestEntries.entry(url, content), url, content.layout(), piece);
    }

    private static ByteBuffer get(CompletableFuture<ByteBuffer> future) throws Exception {
        try {
            return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e;
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static void redirect(HttpServerExchange exchange, String location) throws IOException {
        exchange.setStatusCode(302);
        exchange.getResponseHeaders().put(Headers.LOCATION, location);
        try (OutputStream body = exchange.getOutputStream()) {
            body.write(new byte[10]);
        }
    }

    /** Passes without delay, unless a test decides what is asked for in the meantime. */
    private static final class Gathering {
        private final List<Runnable> held = new ArrayList<>();
        private boolean holding;

        Executor before(Executor requests) {
            return task -> {
                if (!keep(() -> requests.execute(task))) {
                    requests.execute(task);
                }
            };
        }

        private synchronized boolean keep(Runnable task) {
            return holding && held.add(task);
        }

        synchronized void hold() {
            holding = true;
        }

        synchronized void end() {
            holding = false;
            held.forEach(Runnable::run);
            held.clear();
        }
    }

    private interface Resolve {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private record Names(Resolve names) implements DnsResolver {
        static InetAddress[] system(String host) throws UnknownHostException {
            return InetAddress.getAllByName(host);
        }

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return names.resolve(host);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
