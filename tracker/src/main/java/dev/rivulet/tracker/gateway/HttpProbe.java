package dev.rivulet.tracker.gateway;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.AddressPolicy;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.tracker.outgoing.PlainHttp;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the token over HTTP, at public addresses and at the one that the edge itself connects from. A name is resolved
 * once, and the connection goes to an address that was judged. Redirects are not followed. Any thread may call.
 */
final class HttpProbe implements Probe, AutoCloseable {
    /** Of those that a name resolves to, how many are tried. */
    static final int MAX_ADDRESSES = 3;
    /** How long connecting to one of them may take. */
    static final int CONNECT_SECONDS = 4;
    /** Of the answer's header. */
    static final int MAX_LINE_CHARS = 8192;
    /** Of the answer's header. */
    static final int MAX_HEADERS = 100;

    private static final Logger log = LoggerFactory.getLogger(HttpProbe.class);
    private static final String AGENT = "rivulet-tracker/0.1.0";

    private final DnsResolver names;
    private final LongSupplier clockMs;
    private final long mostMs;
    private final RecentFailures failures = new RecentFailures();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "gateway-check-timer"));
    private final CloseableHttpClient client;

    /** @param clockMs milliseconds since whenever, never going back */
    HttpProbe(DnsResolver names, LongSupplier clockMs) {
        this(names, clockMs, TimeUnit.SECONDS.toMillis(Limits.HTTP_CHECK_SECONDS));
    }

    /** @param mostMs after which a look is given up */
    HttpProbe(DnsResolver names, LongSupplier clockMs, long mostMs) {
        this.names = names;
        this.clockMs = clockMs;
        this.mostMs = mostMs;
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new NoNames())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxLineLength(MAX_LINE_CHARS)
                                .setMaxHeaderCount(MAX_HEADERS)
                                .build())
                        .build());
        Timeout connect = Timeout.ofSeconds(CONNECT_SECONDS);
        this.client = PlainHttp.over(connections, GatewayChecks.MAX_AT_ONCE, connect, Timeout.ofMilliseconds(mostMs))
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setUserAgent(AGENT)
                .build();
    }

    @Override
    public Optional<HttpChecked> look(Claim claim, HttpCheck check, boolean urgent) {
        String host = claim.base().host();
        List<InetAddress> addresses;
        try {
            addresses = Arrays.asList(names.resolve(host));
        } catch (UnknownHostException e) {
            return Optional.of(new HttpChecked(HttpChecked.NAME, "the name does not resolve"));
        }
        List<InetAddress> permitted = permitted(addresses, claim.from(), HttpProbe::isOfThisHost);
        if (permitted.isEmpty()) {
            return Optional.of(new HttpChecked(
                    HttpChecked.ADDRESS, "it is at no public address, nor at the one that this edge connects from"));
        }
        List<InetAddress> others = permitted.stream()
                .filter(address -> !address.equals(claim.from()))
                .toList();
        if (!urgent && failures.hasAny(others, clockMs.getAsLong())) {
            return Optional.empty();
        }
        HttpChecked found = ask(claim, check, permitted);
        if (found.failed() != null) {
            failures.add(others, clockMs.getAsLong());
        }
        return Optional.of(found);
    }

    /**
     * Where an edge that connects {@code from} there may be looked for. Not at this host itself, unless the edge is there as
     * well: what listens here for a few may be shielded from outside only.
     */
    static List<InetAddress> permitted(
            List<InetAddress> addresses, @Nullable InetAddress from, Predicate<InetAddress> isOfThisHost) {
        boolean isHere = from != null && isOfThisHost.test(from);
        return addresses.stream()
                .filter(address -> address.equals(from)
                        || (AddressPolicy.isPublic(address) && (isHere || !isOfThisHost.test(address))))
                .limit(MAX_ADDRESSES)
                .toList();
    }

    private static boolean isOfThisHost(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private HttpChecked ask(Claim claim, HttpCheck check, List<InetAddress> addresses) {
        long endMs = clockMs.getAsLong() + mostMs;
        HttpChecked found = late();
        for (InetAddress address : addresses) {
            long leftMs = endMs - clockMs.getAsLong();
            if (leftMs <= 0) {
                return late();
            }
            found = ask(claim, check, address, leftMs);
            if (!HttpChecked.CONNECT.equals(found.failed())) {
                return found;
            }
        }
        return found;
    }

    private HttpChecked ask(Claim claim, HttpCheck check, InetAddress address, long mostMs) {
        HttpGet request = new HttpGet("/");
        // As it is: java.net.URI refuses characters that browsers send, such as | in a path.
        request.setPath(claim.base().pathAndQuery() + HttpCheck.pathOf(claim.edge()));
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        HttpHost target = target(claim.base(), address);
        AtomicBoolean late = new AtomicBoolean();
        Runnable giveUp = () -> {
            late.set(true); // first: whoever reads hears of the cancelling at once
            request.cancel();
        };
        Future<?> end = timer.schedule(giveUp, mostMs, TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = client.executeOpen(target, request, null);
            try {
                return judge(response, check.token());
            } finally {
                breakOff(request, response);
            }
        } catch (IOException e) {
            return late.get() ? late() : failure(e);
        } finally {
            end.cancel(false);
        }
    }

    /** Not by {@code java.net.URI}, which does not take every host that URLs may have. */
    private static HttpHost target(ResourceUrl url, InetAddress address) {
        String host = url.host();
        return new HttpHost(
                url.scheme(),
                address,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                url.namesPort() ? url.port() : -1);
    }

    /** Closing it politely would read the rest first. */
    private static void breakOff(HttpGet request, ClassicHttpResponse response) {
        request.cancel();
        try {
            response.close();
        } catch (IOException e) {
            log.debug("broken off: {}", e.toString());
        }
    }

    private static HttpChecked judge(ClassicHttpResponse response, String token) throws IOException {
        int status = response.getCode();
        HttpEntity body = response.getEntity();
        if (status != HttpStatus.SC_OK || body == null) {
            return new HttpChecked(HttpChecked.ANSWER, "what is there answers with status " + status);
        }
        byte[] expected = token.getBytes(StandardCharsets.US_ASCII);
        return Arrays.equals(body.getContent().readNBytes(expected.length + 1), expected)
                ? HttpChecked.REACHED
                : new HttpChecked(HttpChecked.ANSWER, "what is there answers with something else");
    }

    /** In words of our own: what others say may be long, and is not always for whoever is told. */
    private static HttpChecked failure(IOException e) {
        if (e instanceof ConnectTimeoutException) {
            return new HttpChecked(
                    HttpChecked.CONNECT, "nothing takes the connection within " + CONNECT_SECONDS + " s");
        } else if (e instanceof ConnectException) {
            return new HttpChecked(HttpChecked.CONNECT, "the connection is refused");
        } else if (e instanceof NoRouteToHostException || isUnroutable(e)) {
            return new HttpChecked(HttpChecked.CONNECT, "there is no route to it");
        } else if (e instanceof SSLException) {
            return new HttpChecked(HttpChecked.CERTIFICATE, "its certificate is not accepted, or it speaks no TLS");
        } else if (e instanceof SocketTimeoutException) {
            return late();
        }
        return new HttpChecked(HttpChecked.ANSWER, "what is there does not answer in HTTP");
    }

    /** The JDK has no exception of its own for a network that this host has no way to, as IPv6 often is. */
    private static boolean isUnroutable(IOException e) {
        return e instanceof BindException
                || (e instanceof SocketException
                        && String.valueOf(e.getMessage()).contains("unreachable"));
    }

    private static HttpChecked late() {
        return new HttpChecked(HttpChecked.LATE, "it takes too long");
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
        timer.shutdownNow();
    }

    /** Every request says the address to connect to; a name that is resolved after all could lead anywhere. */
    private static final class NoNames implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new UnknownHostException(host);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
