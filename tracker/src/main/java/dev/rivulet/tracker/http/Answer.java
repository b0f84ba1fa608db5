package dev.rivulet.tracker.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.ETag;
import io.undertow.util.ETagUtils;
import io.undertow.util.Headers;
import io.undertow.util.QValueParser;
import io.undertow.util.StatusCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A 200 answer with a whole body in memory: ETag, revalidation (304), and a compressed form for those who take it: Brotli
 * where that was made beforehand, else gzip. Immutable apart from the latter, which is made once and kept; so keep the
 * answer where it is sent often.
 */
public final class Answer {
    /** Smaller bodies are not worth compressing. */
    private static final int MIN_GZIP_BYTES = 1024;

    private static final String BROTLI = "br";
    private static final String GZIP = "gzip";

    private static final String IMMUTABLE = "public, max-age=31536000, immutable";
    private static final String REVALIDATED = "no-cache";

    private final String contentType;
    private final String cacheControl;
    private final byte[] body;
    private final byte @Nullable [] brotli;
    private final String tag;
    private volatile byte @Nullable [] gzipped;

    private Answer(String contentType, String cacheControl, byte[] body, byte @Nullable [] brotli) {
        this.contentType = contentType;
        this.cacheControl = cacheControl;
        this.body = body;
        this.brotli = brotli;
        this.tag = tagOf(body);
    }

    /** What never changes under its URL. Takes ownership of {@code body}. */
    public static Answer immutable(String contentType, byte[] body) {
        return new Answer(contentType, IMMUTABLE, body, null);
    }

    /** What caches have to ask about each time. Takes ownership of {@code body}. */
    public static Answer revalidated(String contentType, byte[] body) {
        return new Answer(contentType, REVALIDATED, body, null);
    }

    /** This answer, with its body as Brotli (RFC 7932) has it. Takes ownership of {@code packed}. */
    public Answer withBrotli(byte[] packed) {
        return new Answer(contentType, cacheControl, body, packed);
    }

    /** Bytes of the body, not compressed. */
    public int bytes() {
        return body.length;
    }

    /** Answers with it, and ends the exchange. */
    public void send(HttpServerExchange exchange) {
        boolean compressible = body.length >= MIN_GZIP_BYTES && isText(contentType);
        Set<String> taken = compressible ? codings(exchange) : Set.of();
        boolean packed = brotli != null && taken.contains(BROTLI);
        boolean gzip = !packed && taken.contains(GZIP);
        // Each encoding is a representation of its own, so a strong validator has to tell them apart (RFC 9110
        // 8.8.3.3).
        ETag etag = new ETag(false, tag + (packed ? "-" + BROTLI : gzip ? "-" + GZIP : ""));
        exchange.getResponseHeaders().put(Headers.ETAG, etag.toString()).put(Headers.CACHE_CONTROL, cacheControl);
        if (compressible) {
            exchange.getResponseHeaders().put(Headers.VARY, "Accept-Encoding");
        }
        if (!ETagUtils.handleIfNoneMatch(exchange, etag, true)) {
            exchange.setStatusCode(StatusCodes.NOT_MODIFIED);
            exchange.endExchange();
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, contentType);
        if (packed || gzip) {
            exchange.getResponseHeaders().put(Headers.CONTENT_ENCODING, packed ? BROTLI : GZIP);
        }
        exchange.getResponseSender().send(ByteBuffer.wrap(packed ? brotli : gzip ? gzipped() : body));
    }

    private byte[] gzipped() {
        byte[] made = gzipped;
        if (made == null) {
            made = compress(body);
            gzipped = made;
        }
        return made;
    }

    private static boolean isText(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("text/") || type.startsWith("application/json");
    }

    /** The content codings that the asker takes, in lower case. */
    private static Set<String> codings(HttpServerExchange exchange) {
        List<String> accepted = exchange.getRequestHeaders().get(Headers.ACCEPT_ENCODING);
        return accepted == null
                ? Set.of()
                : QValueParser.parse(accepted).stream()
                        .flatMap(List::stream)
                        .filter(value -> !value.isQValueZero())
                        .map(value -> value.getValue().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
    }

    private static byte[] compress(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    private static String tagOf(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, 22);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
