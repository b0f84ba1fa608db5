package dev.rivulet.edge.indexing;

import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.origin.HttpOriginFetcher;
import dev.rivulet.edge.origin.OriginLook;
import dev.rivulet.edge.store.Draft;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.Shareability;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.IndexHashes;
import dev.rivulet.protocol.message.IndexRequest;
import dev.rivulet.protocol.message.Indexed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One resource fetched, hashed, kept and reported. Run by one thread; {@link #stop} comes from others. */
final class IndexJob {
    /** The tracker hears of new hashes at least that often, in nanoseconds. */
    static final long NEWS_NANOS = TimeUnit.SECONDS.toNanos(Limits.INDEX_SILENCE_SECONDS) / 4;

    private static final int OK = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final Logger log = LoggerFactory.getLogger(IndexJob.class);

    private final IndexRequest request;
    private final Work work;
    private final List<PieceHash> hashes = new ArrayList<>();
    private final long beganNanos = System.nanoTime();
    private byte lastByte;
    private int told;
    private long toldNanos = beganNanos;
    private volatile boolean stopped;
    private volatile @Nullable OriginLook look;

    /**
     * What jobs work with.
     *
     * @param most bytes of a draft
     * @param received counts the body bytes that origins send
     * @param downloads the rate that is charged for what origins send
     * @param expected told of a content, all of which is in the store, before it is reported
     */
    record Work(
            HttpOriginFetcher origin,
            PieceStore store,
            long most,
            LongAdder received,
            TokenBucket downloads,
            Consumer<ContentId> expected,
            Consumer<ClientMessage> tracker) {}

    IndexJob(IndexRequest request, Work work) {
        this.request = request;
        this.work = work;
    }

    /** What is indexed. */
    ResourceUrl url() {
        return request.url();
    }

    /** The answer is not wanted any more; the tracker is told nothing from now on. */
    void stop() {
        stopped = true;
        OriginLook underWay = look;
        if (underWay != null) {
            underWay.abort();
        }
    }

    /** Does it all, and tells the tracker. */
    void run(SitePolicy policy) throws InterruptedException {
        Indexed end;
        try {
            end = answer(policy);
        } catch (GivenUp e) {
            end = Indexed.failed(request.id(), e.reason);
        } catch (IOException | InvalidValueException e) {
            log.info("{} is not indexed: {}", request.url(), e.toString());
            end = Indexed.failed(request.id(), Indexed.ORIGIN);
        }
        tell(end);
    }

    private void tell(ClientMessage message) {
        if (!stopped) {
            work.tracker().accept(message);
        }
    }

    private Indexed answer(SitePolicy policy) throws IOException, InterruptedException {
        long requestedNanos = System.nanoTime();
        try (OriginLook response = work.origin().look(request.url(), "", policy)) {
            look = response;
            checkTime();
            long headerNanos = System.nanoTime();
            HeaderFields headers = ReportedHeader.of(response.headers()).orElseThrow(() -> new GivenUp(Indexed.HEADER));
            Indexed.Body body = mayBeShared(response, policy) ? read(response, policy) : null;
            return Indexed.answered(
                    request.id(),
                    new Indexed.Answer(
                            response.status(),
                            headers,
                            TimeUnit.NANOSECONDS.toSeconds(headerNanos - requestedNanos),
                            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - headerNanos),
                            body));
        } finally {
            look = null;
        }
    }

    /** Freshness does not matter here, therefore times do not. */
    private boolean mayBeShared(OriginLook response, SitePolicy policy) {
        return response.status() == OK
                && Shareability.of(
                                new Shareability.Response(request.url(), OK, response.headers(), 0, 0),
                                policy.webOrigins())
                        instanceof Shareability.Shareable;
    }

    private Indexed.Body read(OriginLook response, SitePolicy policy) throws IOException, InterruptedException {
        long declared = response.length();
        // Without a declared size the piece length of small resources is a guess that larger ones make wrong.
        long most = Math.min(
                Math.min(request.most(), work.most()),
                declared < 0 ? Limits.SMALL_RESOURCE_BYTES : Limits.MAX_RESOURCE_BYTES);
        if (declared > most) {
            throw new GivenUp(Indexed.TOO_LARGE);
        }
        int pieceLength = declared > 0 ? Layout.pieceLengthOf(declared) : Limits.SMALL_PIECE_BYTES;
        try (Draft draft = work.store().draft()) {
            long size = spool(response, draft, pieceLength, most);
            if (size == 0 || (declared >= 0 && size != declared)) {
                throw new IOException(size + " bytes instead of " + declared);
            }
            boolean ranges = servesRanges(policy, size, lastByte);
            Layout layout = Layout.of(size, hashes);
            keep(layout, draft);
            tellHashes();
            log.info("indexed {} for the tracker, {} bytes", request.url(), size);
            work.expected().accept(layout.contentId());
            return new Indexed.Body(size, ranges);
        }
    }

    /** Writes and hashes piece by piece; the size. */
    private long spool(OriginLook response, Draft draft, int pieceLength, long most)
            throws IOException, InterruptedException {
        TokenBucket pace = new TokenBucket(request.rate(), System.nanoTime());
        long size = 0;
        while (true) {
            byte[] piece = response.body().readNBytes(pieceLength);
            work.received().add(piece.length);
            size += piece.length;
            if (size > most) {
                throw new GivenUp(Indexed.TOO_LARGE);
            }
            if (piece.length > 0) {
                hashes.add(new PieceHash(Sha256.of(piece)));
                append(draft, piece);
                lastByte = piece[piece.length - 1];
            }
            if (piece.length < pieceLength) {
                return size;
            }
            checkTime();
            tellNews();
            long now = System.nanoTime();
            // Both are charged; the slower one decides.
            long byTracker = pace.take(piece.length, now).toNanos();
            long byVolunteer = work.downloads().take(piece.length, now).toNanos();
            TimeUnit.NANOSECONDS.sleep(Math.max(byTracker, byVolunteer));
        }
    }

    private void append(Draft draft, byte[] piece) throws GivenUp {
        try {
            draft.append(ByteBuffer.wrap(piece));
        } catch (IOException e) {
            throw noRoom(e);
        }
    }

    /** It is not the origin's fault. */
    private GivenUp noRoom(IOException reason) {
        log.info("{} is not indexed, since the disk refuses it: {}", request.url(), reason.toString());
        return new GivenUp(Indexed.STORE);
    }

    private void checkTime() throws GivenUp {
        if (stopped || System.nanoTime() - beganNanos > TimeUnit.SECONDS.toNanos(request.seconds())) {
            throw new GivenUp(Indexed.LATE);
        }
    }

    private void tellNews() {
        if (System.nanoTime() - toldNanos >= NEWS_NANOS || hashes.size() - told >= Limits.MAX_INDEX_HASHES) {
            tellHashes();
        }
    }

    private void tellHashes() {
        while (told < hashes.size()) {
            int next = Math.min(told + Limits.MAX_INDEX_HASHES, hashes.size());
            tell(new IndexHashes(request.id(), hashes.subList(told, next)));
            told = next;
        }
        toldNanos = System.nanoTime();
    }

    private void keep(Layout layout, Draft draft) throws IOException {
        for (int index = 0; index < layout.pieceCount(); index++) {
            // The disk may have failed since.
            if (!layout.verify(index, draft.read(index)) || !draft.keep(layout, index)) {
                throw new GivenUp(Indexed.STORE);
            }
        }
    }

    /** Asks for the last byte: what a server says of ranges and what it does can differ. */
    private boolean servesRanges(SitePolicy policy, long size, byte expected) {
        long last = size - 1;
        try (OriginLook response = work.origin().look(request.url(), "bytes=" + last + "-" + last, policy)) {
            HeaderFields headers = response.headers();
            if (response.status() != PARTIAL_CONTENT
                    || headers.has("content-encoding")
                    || !("bytes " + last + "-" + last + "/" + size).equals(headers.single("content-range"))) {
                return false;
            }
            byte[] bytes = response.body().readNBytes(2);
            return bytes.length == 1 && bytes[0] == expected;
        } catch (IOException e) {
            return false;
        }
    }

    /** The answer is a failure. */
    private static final class GivenUp extends IOException {
        private static final long serialVersionUID = 1L;
        private final String reason;

        GivenUp(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
