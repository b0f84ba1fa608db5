package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.outgoing.PlainHttp;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one site's origins as an anonymous visitor would, for the identity encoding. A redirect is an answer like any
 * other that is not 200: what it leads to has a URL, and an entry, of its own. Any thread may call; requests block.
 */
final class OriginHttp implements AutoCloseable {
    /** How long connecting, and any silence of the origin, may last, in seconds. */
    static final long SILENCE_SECONDS = 20;

    private static final Logger log = LoggerFactory.getLogger(OriginHttp.class);
    private static final String AGENT = "rivulet-indexer/0.1.0";

    private final SitePolicy policy;
    private final CloseableHttpClient client;

    OriginHttp(DnsResolver names, SitePolicy policy, int connections) {
        this(names, policy, connections, SILENCE_SECONDS);
    }

    /** @param silenceSeconds how long connecting, and any silence, may last */
    OriginHttp(DnsResolver names, SitePolicy policy, int connections, long silenceSeconds) {
        this.policy = policy;
        Timeout silence = Timeout.of(silenceSeconds, TimeUnit.SECONDS);
        PoolingHttpClientConnectionManagerBuilder guarded =
                PoolingHttpClientConnectionManagerBuilder.create().setDnsResolver(new GuardedResolver(names, policy));
        this.client = PlainHttp.over(guarded, connections, silence, silence)
                .setUserAgent(AGENT)
                .build();
    }

    /** Whose origins it may ask. */
    SitePolicy policy() {
        return policy;
    }

    /** Asks for the whole, or, where {@code known} says something, for what is newer. The caller closes the exchange. */
    Exchange get(ResourceUrl url, Validators known) throws IOException {
        HttpGet request = request(url);
        if (known.etag() != null) {
            request.setHeader(HttpHeaders.IF_NONE_MATCH, known.etag());
        }
        if (known.lastModified() != null) {
            request.setHeader(HttpHeaders.IF_MODIFIED_SINCE, known.lastModified());
        }
        return send(request);
    }

    /** Asks for the bytes from {@code first} to {@code last}, both inclusive. The caller closes the exchange. */
    Exchange getRange(ResourceUrl url, long first, long last) throws IOException {
        HttpGet request = request(url);
        request.setHeader(HttpHeaders.RANGE, "bytes=" + first + "-" + last);
        return send(request);
    }

    private HttpGet request(ResourceUrl url) {
        HttpGet request = new HttpGet(URI.create(url.origin()));
        // As it is: java.net.URI refuses characters that browsers send, such as | in a path.
        request.setPath(url.pathAndQuery());
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        askingOrigin(url).ifPresent(origin -> request.setHeader("Origin", origin));
        return request;
    }

    /** Some servers say whom they admit only when they are asked from another origin. */
    private Optional<String> askingOrigin(ResourceUrl url) {
        return policy.admitsWebOrigin(url.origin())
                ? Optional.empty()
                : policy.webOrigins().stream()
                        .filter(OriginPattern::isExact)
                        .map(OriginPattern::text)
                        .findFirst();
    }

    private Exchange send(HttpGet request) throws IOException {
        return new Exchange(request, client.executeOpen(null, request, null));
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /** A response whose body is under way. */
    record Exchange(HttpGet request, ClassicHttpResponse response) implements AutoCloseable {
        HeaderFields headers() {
            Map<String, List<String>> fields = new HashMap<>();
            for (Header header : response.getHeaders()) {
                fields.computeIfAbsent(header.getName(), name -> new ArrayList<>())
                        .add(header.getValue() == null ? "" : header.getValue());
            }
            return HeaderFields.of(fields);
        }

        /** Breaks the connection off unless the body was read to its end. */
        @Override
        public void close() throws IOException {
            if (response.getEntity() != null && response.getEntity().isStreaming()) {
                // Closing a half-read response would read the rest first.
                request.cancel();
                closeBrokenOff();
            } else {
                response.close();
            }
        }

        /** What was broken off on purpose does not end well, and that is no failure of what was asked. */
        private void closeBrokenOff() {
            try {
                response.close();
            } catch (IOException e) {
                log.debug("broken off: {}", e.toString());
            }
        }
    }
}
