package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.Shareability;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.indexing.ResponseJudge.Judgement;
import dev.rivulet.tracker.playlist.HlsPlaylist;
import dev.rivulet.tracker.playlist.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;

/** Looks at one resource: fetches it, judges whether it may be shared, and hashes it on the way to disk. */
final class ResourceFetch {
    /** Longest time that one fetch may take, in seconds. */
    static final long MAX_SECONDS = 900;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final OriginHttp http;
    private final SitePolicy policy;
    private final Means means;

    /**
     * What every fetch uses.
     *
     * @param maxBytes larger resources are refused
     * @param read told of bytes of bodies as they come
     */
    record Means(FetchedContent fetched, Throttle throttle, long maxBytes, Clock clock, LongConsumer read) {
        /** Telling somebody else. */
        Means telling(LongConsumer other) {
            return new Means(fetched, throttle, maxBytes, clock, other);
        }
    }

    ResourceFetch(OriginHttp http, SitePolicy policy, Means means) {
        this.http = http;
        this.policy = policy;
        this.means = means;
    }

    /** Looks at {@code url}; blocks until the whole answer is here. */
    Outcome look(ResourceUrl url, Question question) throws InterruptedException {
        long requestedAt = nowSeconds();
        try (OriginHttp.Exchange exchange = http.get(url, question.known())) {
            Shareability.Response response = new Shareability.Response(
                    url, exchange.response().getCode(), exchange.headers(), requestedAt, nowSeconds());
            Judgement judgement = ResponseJudge.judge(question, response, policy.webOrigins());
            if (judgement instanceof Judgement.Done done) {
                return done.outcome();
            }
            Outcome outcome = read(url, exchange, judgement instanceof Judgement.Read read ? read.freshSeconds() : 0);
            return judgement instanceof Judgement.ReadToConfirm ? confirmed(question, outcome) : outcome;
        } catch (InvalidValueException e) {
            return new Outcome.Refused("its header does not fit an entry: " + e.getMessage());
        } catch (IOException e) {
            return new Outcome.Failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static Outcome confirmed(Question question, Outcome outcome) {
        if (outcome instanceof Outcome.Indexed indexed
                && !indexed.layout().contentId().equals(question.vouchedFor())) {
            return new Outcome.Refused("other bytes than the site published, and not said to be for sharing");
        }
        return outcome;
    }

    private Outcome read(ResourceUrl url, OriginHttp.Exchange exchange, long freshSeconds)
            throws IOException, InterruptedException {
        HttpEntity body = exchange.response().getEntity();
        if (body == null) {
            return new Outcome.Refused("empty");
        }
        long declared = body.getContentLength();
        if (declared < 0 && !body.isChunked()) {
            return new Outcome.Refused("neither Content-Length nor chunked, so that a part would look like the whole");
        }
        HeaderFields headers = exchange.headers();
        long receivedAt = nowSeconds();
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
            if (goesOn(url, draft, size)) {
                return new Outcome.Refused("the playlist of a stream that goes on changes all the time");
            }
            Layout layout = hash(draft, size);
            Entry entry = Entry.of(
                    url.hash(),
                    layout,
                    Entry.headersOf(headers),
                    Validators.of(headers),
                    receivedAt + freshSeconds,
                    servesRanges(url, draft, size));
            if (entry.encodedBytes() > Limits.MAX_ENTRY_BYTES) {
                return new Outcome.Refused("its headers do not fit an entry of " + Limits.MAX_ENTRY_BYTES + " bytes");
            }
            means.fetched().keep(draft, layout);
            return new Outcome.Indexed(entry, layout, freshSeconds);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Writes the body to the file; stops beyond {@code most} bytes. */
    private long spool(HttpEntity body, Path draft, long most) throws IOException, InterruptedException {
        long endMs = means.clock().millis() + TimeUnit.SECONDS.toMillis(MAX_SECONDS);
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        // Not closed here: closing reads all that is left, which may have no end. The exchange breaks it off.
        InputStream in = body.getContent();
        try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            for (int read = in.read(buffer); read >= 0 && size <= most; read = in.read(buffer)) {
                if (means.clock().millis() > endMs) {
                    throw new IOException("not finished within " + MAX_SECONDS + " s");
                }
                means.throttle().take(read);
                means.read().accept(read);
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                size += read;
            }
        }
        return size;
    }

    /** Its entry would be out of date at once, and every player would have to ask whether it is. */
    private static boolean goesOn(ResourceUrl url, Path file, long size) throws IOException {
        String path = url.hasQuery()
                ? url.pathAndQuery().substring(0, url.pathAndQuery().indexOf('?'))
                : url.pathAndQuery();
        return Manifests.isManifest(path)
                && size <= HlsPlaylist.MAX_CHARS
                && Manifests.goesOn(path, Files.readString(file, StandardCharsets.ISO_8859_1));
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
        try (OriginHttp.Exchange exchange = http.getRange(url, last, last)) {
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
