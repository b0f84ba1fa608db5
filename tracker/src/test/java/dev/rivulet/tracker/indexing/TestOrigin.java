package dev.rivulet.tracker.indexing;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A web server whose answers a test chooses by path; remembers what it was asked. */
final class TestOrigin implements AutoCloseable {
    private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final Undertow server;

    /** A request. */
    record Asked(String path, String agent, String encoding, String range, String ifNoneMatch) {}

    TestOrigin() {
        server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1", new BlockingHandler(this::answer))
                // Undertow keeps the date's text for the whole process, and a server that stops leaves it as it is:
                // the next one would send one long past, which counts as age.
                .setServerOption(UndertowOptions.ALWAYS_SET_DATE, false)
                .build();
        server.start();
    }

    int port() {
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    void on(String path, HttpHandler handler) {
        handlers.put(path, handler);
    }

    /** Serves {@code body} with Content-Length, conditional requests and, when asked, ranges. */
    void serve(String path, byte[] body, Map<String, String> headers) {
        on(path, exchange -> {
            headers.forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
            String etag = headers.get("ETag");
            if (etag != null && etag.equals(exchange.getRequestHeaders().getFirst(Headers.IF_NONE_MATCH))) {
                exchange.setStatusCode(304);
                return;
            }
            String range = exchange.getRequestHeaders().getFirst(Headers.RANGE);
            if (range != null && "bytes".equals(headers.get("Accept-Ranges"))) {
                String[] ends = range.substring("bytes=".length()).split("-");
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[1]);
                exchange.setStatusCode(206);
                exchange.getResponseHeaders()
                        .put(Headers.CONTENT_RANGE, "bytes " + first + "-" + last + "/" + body.length);
                exchange.setResponseContentLength(last - first + 1L);
                exchange.getOutputStream().write(body, first, last - first + 1);
                return;
            }
            exchange.setResponseContentLength(body.length);
            exchange.getOutputStream().write(body);
        });
    }

    /** Everything asked for under this path so far. */
    List<Asked> asked(String path) {
        return asked.stream().filter(each -> each.path().equals(path)).toList();
    }

    @Override
    public void close() {
        server.stop();
    }

    private void answer(HttpServerExchange exchange) throws Exception {
        asked.add(new Asked(
                exchange.getRequestPath(),
                header(exchange, "User-Agent"),
                header(exchange, "Accept-Encoding"),
                header(exchange, "Range"),
                header(exchange, "If-None-Match")));
        HttpHandler handler = handlers.get(exchange.getRequestPath());
        if (handler == null) {
            exchange.setStatusCode(404);
        } else {
            handler.handleRequest(exchange);
        }
    }

    private static String header(HttpServerExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    /** Sends what was written so far. */
    static void flush(HttpServerExchange exchange) throws IOException {
        OutputStream out = exchange.getOutputStream();
        out.flush();
    }
}
