package dev.rivulet.edge.origin;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.http.ByteRange;
import dev.rivulet.protocol.id.ResourceUrl;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A real HTTP server with a few files on loopback that counts what it serves. */
public final class TestOrigin implements AutoCloseable {
    /** Answers in place of the file server. */
    public interface Behaviour {
        void handle(HttpServerExchange exchange) throws IOException, InterruptedException;
    }

    private final Undertow server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, Consumer<HttpServerExchange>> headers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean ranges = true;

    public TestOrigin() {
        this("127.0.0.1");
    }

    public TestOrigin(String host) {
        server = Undertow.builder()
                .addHttpListener(0, host)
                .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
                .setServerOption(UndertowOptions.DECODE_URL, false)
                .setHandler(new BlockingHandler(this::handle))
                .build();
        server.start();
    }

    public int port() {
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    public ResourceUrl url(String path) {
        return url("127.0.0.1", path);
    }

    public ResourceUrl url(String host, String path) {
        try {
            return ResourceUrl.parse("http://" + host + ":" + port() + path);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public void put(String path, TestContent content) {
        files.put(path, content.bytes());
    }

    public void put(String path, Behaviour behaviour) {
        behaviours.put(path, behaviour);
    }

    /** What a path is served with. */
    public void header(String path, HttpString name, String value) {
        headers.merge(path, exchange -> exchange.getResponseHeaders().put(name, value), Consumer::andThen);
    }

    /** From now on {@code Range} is ignored. */
    public void withoutRanges() {
        ranges = false;
    }

    /** Every request so far: method, path and {@code Range}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Bytes of the bodies that were, or are being, sent. */
    public long bytes() {
        return bytes.get();
    }

    private void handle(HttpServerExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI();
        String range = exchange.getRequestHeaders().getFirst(Headers.RANGE);
        requests.add(exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range));
        Behaviour behaviour = behaviours.get(path);
        if (behaviour != null) {
            behaviour.handle(exchange);
            return;
        }
        byte[] file = files.get(path);
        if (file == null) {
            exchange.setStatusCode(StatusCodes.NOT_FOUND);
            return;
        }
        headers.getOrDefault(path, unused -> {}).accept(exchange);
        serve(exchange, file, ranges ? range : null);
    }

    private void serve(HttpServerExchange exchange, byte[] file, String range) throws IOException {
        byte[] body = file;
        if (ByteRange.parse(range, file.length) instanceof ByteRange.Part part) {
            exchange.setStatusCode(StatusCodes.PARTIAL_CONTENT);
            exchange.getResponseHeaders().put(Headers.CONTENT_RANGE, part.contentRange(file.length));
            body = Arrays.copyOfRange(file, (int) part.first(), (int) part.last() + 1);
        }
        exchange.setResponseContentLength(body.length);
        if (!exchange.getRequestMethod().equals(Methods.HEAD)) {
            // Before: who has the last byte may already look at the sum.
            bytes.addAndGet(body.length);
            exchange.getOutputStream().write(body);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
