package dev.rivulet.edge.tracker;

import dev.rivulet.edge.config.TrackerBase;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.util.Timeout;

/** Fetches what the tracker serves over HTTP. Any thread may ask; requests block. */
public final class TrackerHttp implements AutoCloseable {
    /** Requests at a time: {@value}. */
    static final int CONNECTIONS = 4;

    private final Supplier<TrackerBase> base;
    private final CloseableHttpClient client;

    /**
     * @param base the tracker to ask, each time anew
     * @param agent the {@code User-Agent}
     * @param timeout for connecting, and for any silence of the tracker
     */
    public TrackerHttp(Supplier<TrackerBase> base, String agent, Duration timeout) {
        this.base = base;
        Timeout silence = Timeout.of(timeout);
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(CONNECTIONS)
                        .setMaxConnPerRoute(CONNECTIONS)
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
                // They could lead into the volunteer's own network.
                .disableRedirectHandling()
                .disableCookieManagement()
                .build();
    }

    /**
     * The body of a 200 response; another status is an error.
     *
     * @param path begins with a slash, and is relative to the tracker's base
     * @param limit more bytes than this are an error
     */
    byte[] get(String path, int limit) throws IOException {
        return client.execute(new HttpGet(base.get().at(path)), response -> {
            if (response.getCode() != HttpStatus.SC_OK) {
                throw new IOException("the tracker answers " + response.getCode() + " for " + path);
            }
            byte[] bytes = response.getEntity().getContent().readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new IOException("the tracker sends more than " + limit + " bytes for " + path);
            }
            return bytes;
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
