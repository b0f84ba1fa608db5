package dev.rivulet.edge.tracker;

import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.config.TrackerBase;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Batch;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.Delegation;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.ShardIndex;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.BatchUpdate;
import dev.rivulet.protocol.message.TrackerMessage.HeadUpdate;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A tracker of one site on loopback that does what a test tells it: real WebSocket, real HTTP, real signatures. */
public final class TestTracker implements AutoCloseable {
    public static final SiteId SITE = new SiteId("demo");

    private static final long VALID_SECONDS = 3600;

    public final SigningKey root = SigningKey.generate(new SecureRandom());
    private final SigningKey online = SigningKey.generate(new SecureRandom());
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<WebSocketChannel> channels = new CopyOnWriteArrayList<>();
    private final BlockingQueue<ClientMessage> received = new LinkedBlockingQueue<>();
    private final List<String> batches = new ArrayList<>();
    private final AtomicInteger welcomes = new AtomicInteger();
    private final Map<UrlHash, Entry> entries = new ConcurrentHashMap<>();
    private Undertow server;
    private int port;
    private volatile CatalogBody catalog;
    private volatile SitePolicy policy = TestEntries.policy("http://127.0.0.1:1");
    private volatile List<ResourceUrl> others = List.of();
    private volatile BlockList blocked = BlockList.EMPTY;
    private volatile InstantSource clock = InstantSource.system();
    private volatile int refusal;
    private volatile boolean greets = true;
    private volatile boolean inlineIndex = true;
    private volatile boolean shardsLost;
    private long sequence;

    public TestTracker() {
        head();
        start();
    }

    /** Answers again, at the same port as before. */
    public void start() {
        server = Undertow.builder()
                .addHttpListener(port, "127.0.0.1")
                .setHandler(Handlers.path(this::http)
                        .addExactPath(
                                "/",
                                new WebSocketProtocolHandshakeHandler(
                                        Set.of(new Hybi13Handshake(Set.of(TrackerConnection.SUBPROTOCOL), false)),
                                        (WebSocketConnectionCallback) (exchange, channel) -> connected(channel))))
                .build();
        server.start();
        port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    /** As if killed: connections break off and the port is closed. */
    public void stop() {
        for (WebSocketChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        channels.clear();
        server.stop();
    }

    public TrackerBase base() {
        return TrackerBase.parse("http://127.0.0.1:" + port);
    }

    public void policy(SitePolicy next) {
        policy = next;
    }

    /** Names other trackers in its welcomes. */
    void others(List<ResourceUrl> urls) {
        others = urls;
    }

    /** Closes every further connection with this code after its hello; 0 welcomes. */
    public void refuse(int code) {
        refusal = code;
    }

    /** Whether hellos are answered. */
    void greets(boolean does) {
        greets = does;
    }

    /** From now on the index has to be fetched. */
    void withoutInlineIndex() {
        inlineIndex = false;
    }

    /** Signs a head with this entry too, and serves its layout. */
    public void publish(ResourceUrl url, TestContent content) {
        publish(TestEntries.entry(url, content), content);
    }

    public void publish(Entry entry, TestContent content) {
        entries.put(entry.url(), entry);
        files.put("/sites/demo/layouts/" + content.id(), content.layout().encode());
        head();
    }

    public void remove(ResourceUrl url) {
        entries.remove(url.hash());
        head();
    }

    /** Whose time it signs by from now on. */
    public void clock(InstantSource other) {
        clock = other;
    }

    /** Signs a head under which exactly this is taken down. */
    public void block(BlockList list) {
        blocked = list;
        list.name().ifPresent(name -> files.put("/sites/demo/shards/" + name, list.encode()));
        head();
    }

    private synchronized void head() {
        sequence++;
        batches.clear();
        ShardedCatalog sharded = ShardedCatalog.of(entries.values());
        sharded.shards().forEach((hash, bytes) -> files.put("/sites/demo/shards/" + hash, bytes));
        files.put("/sites/demo/shards/" + sharded.root(), sharded.index().encode());
        catalog = body(sign(sharded, sequence, now() + VALID_SECONDS), sharded.index());
        channels.forEach(channel -> send(channel, new HeadUpdate(catalog)));
    }

    private String sign(ShardedCatalog sharded, long number, long notAfter) {
        return online.sign(new Head(
                SITE,
                1,
                number,
                now(),
                notAfter,
                null,
                sharded.depth(),
                sharded.root(),
                blocked.name().orElse(null)));
    }

    private CatalogBody body(String head, ShardIndex index) {
        Delegation delegation = new Delegation(
                SITE, online.publicKey(), Delegation.Role.TRACKER, 1, now() - VALID_SECONDS, now() + VALID_SECONDS);
        List<String> delegations = List.of(root.sign(delegation));
        return inlineIndex
                ? CatalogBody.of(root.publicKey(), delegations, head, index, null)
                : new CatalogBody(root.publicKey(), delegations, head, null, null);
    }

    /** The catalog as it is now. */
    CatalogBody catalog() {
        return catalog;
    }

    /** From now on this is told in the catalog's place. */
    synchronized void tell(CatalogBody other) {
        catalog = other;
        channels.forEach(channel -> send(channel, new HeadUpdate(other)));
    }

    /** A catalog of another site's key, else like ours. */
    CatalogBody forged() {
        SigningKey stranger = SigningKey.generate(new SecureRandom());
        return new CatalogBody(stranger.publicKey(), catalog.delegations(), catalog.head(), catalog.index(), null);
    }

    /** A head of the entries so far that has run out. */
    CatalogBody expired() {
        ShardedCatalog sharded = ShardedCatalog.of(entries.values());
        return body(sign(sharded, sequence + 1, now() - 1), sharded.index());
    }

    synchronized void batch(long number, List<Entry> added, List<UrlHash> removed) {
        String text = online.sign(new Batch(SITE, 1, sequence, number, now(), now() + VALID_SECONDS, added, removed));
        batches.add(text);
        channels.forEach(channel -> send(channel, new BatchUpdate(text)));
    }

    /** Paths of the shards of the head, without its index. */
    List<String> shardPaths() {
        return ShardedCatalog.of(entries.values()).shards().keySet().stream()
                .map(hash -> "/sites/demo/shards/" + hash)
                .toList();
    }

    byte[] file(String path) {
        return files.get(path);
    }

    /** From now on there are no shards, until {@link #serveShards}. */
    public void loseShards() {
        shardsLost = true;
    }

    public void serveShards() {
        shardsLost = false;
    }

    void serve(String path, byte[] bytes) {
        files.put(path, bytes);
    }

    /** Paths asked for over HTTP. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Sends a message to all who are connected. */
    public synchronized void send(TrackerMessage message) {
        channels.forEach(channel -> send(channel, message));
    }

    /** Closes all connections with a code. */
    public synchronized void closeAll(int code) {
        channels.forEach(channel -> WebSockets.sendClose(code, "told to", channel, null));
        channels.clear();
    }

    /** How many hellos were welcomed. */
    public int welcomes() {
        return welcomes.get();
    }

    /** The next message of a type; others before it are dropped. */
    public <T extends ClientMessage> T next(Class<T> type) throws InterruptedException {
        return next(type, message -> true);
    }

    /** The next message of a type that is wanted; others before it are dropped. */
    public <T extends ClientMessage> T next(Class<T> type, Predicate<T> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            ClientMessage message = received.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new AssertionError("no " + type.getSimpleName() + " came");
            }
            if (type.isInstance(message) && wanted.test(type.cast(message))) {
                return type.cast(message);
            }
        }
    }

    private void connected(WebSocketChannel channel) {
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(WebSocketChannel source, BufferedTextMessage message) {
                heard(source, message.getData());
            }
        });
        channel.resumeReceives();
    }

    private void heard(WebSocketChannel channel, String text) {
        ClientMessage message;
        try {
            message = Messages.decodeClient(text);
        } catch (DecodeException e) {
            throw new IllegalStateException(e);
        }
        received.add(message);
        if (message instanceof Hello && greets) {
            greet(channel);
        }
    }

    /** Who is welcomed as the n-th, counted from 1. */
    public static PeerId peer(int number) {
        byte[] id = ByteBuffer.allocate(16).putInt(number).array();
        try {
            return PeerId.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(id));
        } catch (DecodeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In one go, so that nothing is told to who is being greeted but after the welcome and the batches so far. */
    private synchronized void greet(WebSocketChannel channel) {
        if (refusal != 0) {
            WebSockets.sendClose(refusal, "refused", channel, null);
            return;
        }
        channels.add(channel);
        int number = welcomes.incrementAndGet();
        send(channel, new Welcome(peer(number), "resume-" + number, List.of(), policy, others, catalog));
        batches.forEach(batch -> send(channel, new BatchUpdate(batch)));
    }

    private static void send(WebSocketChannel channel, TrackerMessage message) {
        WebSockets.sendText(Messages.encode(message), channel, null);
    }

    private void http(HttpServerExchange exchange) {
        String path = exchange.getRequestPath();
        requests.add(path);
        byte[] body =
                path.equals("/sites/demo/catalog") ? catalog.text().getBytes(StandardCharsets.UTF_8) : files.get(path);
        if (body == null || (shardsLost && path.contains("/shards/"))) {
            exchange.setStatusCode(StatusCodes.NOT_FOUND);
            return;
        }
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    @Override
    public void close() {
        stop();
    }
}
