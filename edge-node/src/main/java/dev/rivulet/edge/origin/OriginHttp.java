package dev.rivulet.edge.origin;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ResourceUrl;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks origins over HTTP. Any thread may call any method; requests block. */
final class OriginHttp implements AutoCloseable {
    /** Redirects followed for one request: {@value}. */
    static final int MAX_REDIRECTS = 3;

    private static final Logger log = LoggerFactory.getLogger(OriginHttp.class);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final CloseableHttpClient client;

    /**
     * @param agent the {@code User-Agent} of every request
     * @param connections the most requests at a time
     * @param timeout for connecting, and for any silence of the origin
     */
    OriginHttp(DnsResolver resolver, String agent, int connections, Duration timeout) {
        Timeout silence = Timeout.of(timeout);
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(resolver)
                        .setMaxConnTotal(connections)
                        .setMaxConnPerRoute(connections)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(silence)
                                .setSocketTimeout(silence)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(silence)
                        .setConnectionRequestTimeout(silence)
                        .build())
                .setUserAgent(agent)
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    /**
     * Sends a GET for the identity encoding, following redirects within the site's content origins.
     *
     * @param range value of the {@code Range} header, empty for none
     * @return the final response, whatever its status; the caller closes it, and the request it belongs to
     */
    Exchange get(ResourceUrl url, String range, SitePolicy policy) throws IOException {
        ResourceUrl target = url;
        for (int redirects = 0; ; redirects++) {
            Exchange exchange = send(target, range);
            if (!REDIRECTS.contains(exchange.response().getCode())) {
                return exchange;
            }
            try (exchange) {
                if (redirects == MAX_REDIRECTS) {
                    throw new OriginException("more than " + MAX_REDIRECTS + " redirects from " + url);
                }
                target = redirected(target, exchange.response(), policy);
            }
        }
    }

    /**
     * Sends a GET for the identity encoding as a page of the site would, and takes what comes, a redirect included.
     *
     * @param range value of the {@code Range} header, empty for none
     */
    Exchange getAsPage(ResourceUrl url, String range, SitePolicy policy) throws IOException {
        HttpGet request = request(url, range);
        // Some servers say whom they admit only when they are asked from another origin.
        if (!policy.admitsWebOrigin(url.origin())) {
            policy.webOrigins().stream()
                    .filter(OriginPattern::isExact)
                    .findFirst()
                    .ifPresent(origin -> request.setHeader("Origin", origin.text()));
        }
        return send(request);
    }

    private Exchange send(ResourceUrl url, String range) throws IOException {
        return send(request(url, range));
    }

    private Exchange send(HttpGet request) throws IOException {
        return new Exchange(request, client.executeOpen(null, request, null));
    }

    private static HttpGet request(ResourceUrl url, String range) {
        HttpGet request = new HttpGet(URI.create(url.origin()));
        // As it is: java.net.URI refuses characters that browsers send, such as | in a path.
        request.setPath(url.pathAndQuery());
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        if (!range.isEmpty()) {
            request.setHeader(HttpHeaders.RANGE, range);
        }
        return request;
    }

    private static ResourceUrl redirected(ResourceUrl from, ClassicHttpResponse response, SitePolicy policy)
            throws IOException {
        Header location = response.getFirstHeader(HttpHeaders.LOCATION);
        ResourceUrl url;
        try {
            url = ResourceUrl.parse(resolved(from, location == null ? "" : location.getValue()));
        } catch (DecodeException e) {
            throw new OriginException("unusable redirect from " + from + ": " + e.getMessage());
        }
        if (!policy.admitsContentOrigin(url.origin())) {
            throw new OriginException("redirect from " + from + " to " + url.origin() + ", not one of the site's");
        }
        return url;
    }

    /** Relative references (RFC 3986 §4.2) but for those relative to the path, which nobody sends for a file. */
    private static String resolved(ResourceUrl from, String location) {
        String reference = location.replaceFirst("#.*", "");
        if (reference.startsWith("//")) {
            return from.scheme() + ":" + reference;
        }
        return reference.startsWith("/") ? from.origin() + reference : reference;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /** A response whose body is under way. */
    record Exchange(HttpGet request, ClassicHttpResponse response) implements AutoCloseable {
        /** Makes whoever reads the body fail, from any thread. */
        void abort() {
            request.cancel();
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
