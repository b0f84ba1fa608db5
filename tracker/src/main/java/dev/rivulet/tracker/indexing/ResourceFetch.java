package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.Shareability;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.catalog.CatalogEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Looks at one resource: fetches it, judges whether it may be shared, and hashes it on the way to disk. */
final class ResourceFetch {
    /** Longest time that one fetch may take, in seconds. */
    static final long MAX_SECONDS = 900;
    /** A longer freshness counts as this one (a year), in seconds. */
    static final long MAX_AGE_SECONDS = 365L * 24 * 3600;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final OriginHttp http;
    private final SitePolicy policy;
    private final Means means;

    /**
     * What every fetch uses.
     *
     * @param maxBytes larger resources are refused
     */
    record Means(FetchedContent fetched, Throttle throttle, long maxBytes, Clock clock) {}

    ResourceFetch(OriginHttp http, SitePolicy policy, Means means) {
        this.http = http;
        this.policy = policy;
        this.means = means;
    }

    /** Looks at {@code url}; where its entry is {@code known}, the origin may answer that it has not changed. */
    Outcome look(ResourceUrl url, @Nullable CatalogEntry known) throws InterruptedException {
        long requestedAt = nowSeconds();
        try (OriginHttp.Exchange exchange =
                http.get(url, known == null ? Validators.NONE : known.entry().validators())) {
            int status = exchange.response().getCode();
            HeaderFields headers = exchange.headers();
            if (status == HttpStatus.SC_NOT_MODIFIED && known != null) {
                return unchanged(known, headers, requestedAt);
            }
            if (status >= HttpStatus.SC_INTERNAL_SERVER_ERROR || status == HttpStatus.SC_TOO_MANY_REQUESTS) {
                return new Outcome.Failed("status " + status);
            }
            Shareability judgement = judge(url, status, headers, requestedAt);
            if (judgement instanceof Shareability.Refused refused) {
                return new Outcome.Refused(refused.reason().text());
            }
            long maxAge = Math.min(((Shareability.Shareable) judgement).freshSeconds(), MAX_AGE_SECONDS);
            return read(url, exchange, headers, maxAge);
        } catch (IOException e) {
            return new Outcome.Failed(String.valueOf(e.getMessage()));
        }
    }

    /** RFC 9111 §4.3.4: the header of a 304 replaces what was stored; one without Cache-Control leaves it as it was. */
    private Outcome unchanged(CatalogEntry known, HeaderFields headers, long requestedAt) {
        if (!headers.has("cache-control")) {
            return new Outcome.Unchanged(known.maxAgeSeconds());
        }
        // Whom it admits was judged when it was fetched; a 304 need not say it again.
        SitePolicy own = policy;
        Shareability judgement = Shareability.of(
                new Shareability.Response(known.url(), HttpStatus.SC_OK, headers, requestedAt, nowSeconds()),
                own.webOrigins());
        if (judgement instanceof Shareability.Shareable shareable) {
            return new Outcome.Unchanged(Math.min(shareable.freshSeconds(), MAX_AGE_SECONDS));
        }
        Shareability.Reason reason = ((Shareability.Refused) judgement).reason();
        return reason == Shareability.Reason.CORS
                ? new Outcome.Unchanged(known.maxAgeSeconds())
                : new Outcome.Refused(reason.text());
    }

    private Shareability judge(ResourceUrl url, int status, HeaderFields headers, long requestedAt) {
        return Shareability.of(
                new Shareability.Response(url, status, headers, requestedAt, nowSeconds()), policy.webOrigins());
    }

    private Outcome read(ResourceUrl url, OriginHttp.Exchange exchange, HeaderFields headers, long maxAge)
            throws IOException, InterruptedException {
        HttpEntity body = exchange.response().getEntity();
        if (body == null) {
            return new Outcome.Refused("empty");
        }
        long declared = body.getContentLength();
        long most = Math.min(means.maxBytes(), Limits.MAX_RESOURCE_BYTES);
        if (declared > most) {
            return new Outcome.Refused("larger than " + most + " bytes");
        }
        Path draft = means.fetched().draft();
        try {
            long size = spool(body, draft, most);
            if (size == 0 || size > most) {
                return new Outcome.Refused(size == 0 ? "empty" : "larger than " + most + " bytes");
            }
            if (declared >= 0 && size != declared) {
                return new Outcome.Failed(size + " bytes instead of the " + declared + " declared");
            }
            Layout layout = hash(draft, size);
            Entry entry = Entry.of(
                    url.hash(),
                    layout,
                    Entry.headersOf(headers),
                    Validators.of(headers),
                    nowSeconds() + maxAge,
                    servesRanges(url, draft, size));
            if (entry.encodedBytes() > Limits.MAX_ENTRY_BYTES) {
                return new Outcome.Refused("its headers do not fit an entry of " + Limits.MAX_ENTRY_BYTES + " bytes");
            }
            means.fetched().keep(draft, layout);
            return new Outcome.Indexed(entry, layout, maxAge);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Writes the body to the file; stops beyond {@code most} bytes. */
    private long spool(HttpEntity body, Path draft, long most) throws IOException, InterruptedException {
        long endMs = means.clock().millis() + TimeUnit.SECONDS.toMillis(MAX_SECONDS);
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        try (InputStream in = body.getContent();
                FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            for (int read = in.read(buffer); read >= 0 && size <= most; read = in.read(buffer)) {
                if (means.clock().millis() > endMs) {
                    throw new IOException("not finished within " + MAX_SECONDS + " s");
                }
                means.throttle().take(read);
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                size += read;
            }
        }
        return size;
    }

    /** The size decides the piece length, and is not always declared: so hashing follows, from the page cache. */
    private static Layout hash(Path file, long size) throws IOException {
        LayoutBuilder builder = new LayoutBuilder(size);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            while (in.read(buffer) >= 0) {
                builder.update(buffer.flip());
                buffer.clear();
            }
        }
        return builder.finish();
    }

    /** Asks for the last byte: what a server says of ranges and what it does can differ. */
    private boolean servesRanges(ResourceUrl url, Path file, long size) {
        long last = size - 1;
        try (OriginHttp.Exchange exchange = http.getByte(url, last)) {
            HeaderFields headers = exchange.headers();
            if (exchange.response().getCode() != HttpStatus.SC_PARTIAL_CONTENT
                    || headers.has("content-encoding")
                    || !("bytes " + last + "-" + last + "/" + size).equals(headers.single("content-range"))) {
                return false;
            }
            HttpEntity body = exchange.response().getEntity();
            byte[] bytes = body == null ? new byte[0] : body.getContent().readNBytes(2);
            return bytes.length == 1 && bytes[0] == byteAt(file, last);
        } catch (IOException e) {
            return false;
        }
    }

    private static byte byteAt(Path file, long offset) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            in.read(one, offset);
        }
        return one.get(0);
    }

    private long nowSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(means.clock().millis());
    }
}
