package dev.rivulet.tracker.outgoing;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * Clients that ask for exactly what they are told to: each request once, without cookies or credentials, following no
 * redirect, for the bytes as they are.
 */
public final class PlainHttp {
    private PlainHttp() {}

    /**
     * A client with these connections.
     *
     * @param atOnce requests; further ones wait
     * @param connect how long connecting to an address may take
     * @param silence how long nothing may come
     */
    public static HttpClientBuilder over(
            PoolingHttpClientConnectionManagerBuilder connections, int atOnce, Timeout connect, Timeout silence) {
        return HttpClients.custom()
                .setConnectionManager(connections
                        .setMaxConnTotal(atOnce)
                        .setMaxConnPerRoute(atOnce)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(silence)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(silence)
                        .setConnectionRequestTimeout(silence)
                        .build())
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries();
    }
}
