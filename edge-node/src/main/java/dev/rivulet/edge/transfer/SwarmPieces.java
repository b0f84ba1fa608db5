package dev.rivulet.edge.transfer;

import dev.rivulet.edge.limit.PieceMemory;
import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.transfer.PieceTask.AtOrigin;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Fetches pieces from wherever {@link PieceFetch} says, each once however many ask. */
public final class SwarmPieces implements PieceProvider {
    /** How long peers are still asked to tell what they hold of a content of which nothing is fetched any more. */
    static final Duration IDLE = Duration.ofSeconds(60);

    /** How often is looked for what has taken too long. */
    static final Duration TICK = Duration.ofMillis(250);

    private record Key(ContentId content, int index) {}

    private final Places places;
    private final Machinery machinery;
    private final TokenBucket downloads;
    private final long maxBytesUnderWay;
    private final Map<Key, Underway> underway = new HashMap<>();
    private final Map<ContentId, ContentSwarm> swarms = new HashMap<>();
    private final Queue<Underway> waiting = new ArrayDeque<>();
    private long bytesUnderWay;
    private boolean reviewing;

    /** Without a limit on the rate. */
    public SwarmPieces(Places places, Machinery machinery) {
        this(
                places,
                machinery,
                TokenBucket.unlimited(),
                PieceMemory.of(PieceMemory.DEFAULT_BYTES).fetchBytes());
    }

    /**
     * Within limits.
     *
     * @param downloads the rate at which pieces are fetched, wherever they come from
     * @param maxBytesUnderWay bytes of pieces that are fetched at the same time; what is over waits its turn
     */
    public SwarmPieces(Places places, Machinery machinery, TokenBucket downloads, long maxBytesUnderWay) {
        this.places = places;
        this.machinery = machinery;
        this.downloads = downloads;
        this.maxBytesUnderWay = maxBytesUnderWay;
        places.peers().onChange(this::reviewSoon);
        places.peers().onNews(new NewsOfPeers());
    }

    /** {@inheritDoc} The future completes on the loop, which what depends on it must not block. */
    @Override
    public CompletableFuture<ByteBuffer> piece(ContentId content, int index, @Nullable ResourceUrl url) {
        CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
        machinery.loop().execute(() -> join(new Key(content, index), url, answer));
        return answer;
    }

    private void join(Key key, @Nullable ResourceUrl url, CompletableFuture<ByteBuffer> answer) {
        Underway existing = underway.get(key);
        Underway joined = existing == null ? begin(key) : existing;
        if (url != null) {
            places.catalog()
                    .byUrl(url)
                    .filter(entry -> entry.content().equals(key.content()))
                    .ifPresent(entry -> joined.origin(new AtOrigin(entry, url)));
        }
        var unused = joined.result.whenComplete((bytes, failure) -> {
            if (bytes != null) {
                answer.complete(bytes.asReadOnlyBuffer());
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    private Underway begin(Key key) {
        Underway piece = new Underway(key);
        underway.put(key, piece);
        if (places.store().has(key.content(), key.index())) {
            read(piece, piece::fetch);
        } else {
            machinery.loop().execute(piece::fetch);
        }
        return piece;
    }

    private void read(Underway piece, Runnable otherwise) {
        machinery.read(
                () -> Optional.ofNullable(places.store().read(piece.key.content(), piece.key.index())),
                held -> piece.held(held, otherwise));
    }

    private void startWaiting() {
        while (!waiting.isEmpty()) {
            Underway next = waiting.element();
            if (bytesUnderWay > 0 && bytesUnderWay + next.bytes > maxBytesUnderWay) {
                return;
            }
            waiting.remove();
            next.admit();
        }
    }

    private ContentSwarm swarm(ContentId content) {
        if (swarms.isEmpty()) {
            machinery.loop().after(TICK, this::tick);
        }
        return swarms.computeIfAbsent(content, id -> new ContentSwarm(id, places, machinery));
    }

    private void tick() {
        for (Map.Entry<ContentId, ContentSwarm> swarm : List.copyOf(swarms.entrySet())) {
            swarm.getValue().tick();
            if (swarm.getValue().isIdle(IDLE)) {
                swarm.getValue().close();
                swarms.remove(swarm.getKey());
            }
        }
        if (!swarms.isEmpty()) {
            machinery.loop().after(TICK, this::tick);
        }
    }

    /** Reviews everything once, after all that has changed in this turn of the loop. */
    private void reviewSoon() {
        if (!reviewing && !swarms.isEmpty()) {
            reviewing = true;
            machinery.loop().execute(() -> {
                reviewing = false;
                List.copyOf(swarms.values()).forEach(ContentSwarm::review);
            });
        }
    }

    /** Passes on what peers say, to the swarm that it concerns. */
    private final class NewsOfPeers implements PeerSources.News {
        @Override
        public void fetching(PeerId peer, ContentId content, List<Integer> pieces, boolean stop) {
            ContentSwarm swarm = swarms.get(content);
            if (swarm != null) {
                swarm.fetching(peer, pieces, stop);
                reviewSoon();
            }
        }

        @Override
        public void told(PeerId peer, ContentId content) {
            ContentSwarm swarm = swarms.get(content);
            if (swarm != null) {
                swarm.told(peer);
            }
        }

        @Override
        public void gone(PeerId peer) {
            swarms.values().forEach(swarm -> swarm.gone(peer));
        }
    }

    /** A piece that somebody waits for. */
    private final class Underway implements ContentSwarm.Receiver {
        private final Key key;
        private final CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
        private @Nullable Entry entry;
        private @Nullable AtOrigin origin;
        private int bytes;
        private boolean admitted;
        private boolean started;

        Underway(Key key) {
            this.key = key;
        }

        void origin(AtOrigin way) {
            origin = way;
            if (started) {
                swarm(key.content()).origin(key.index(), way);
                reviewSoon();
            }
        }

        void held(Optional<ByteBuffer> read, Runnable otherwise) {
            if (read.isEmpty()) {
                otherwise.run();
            } else {
                machinery.counts().store.add(read.get().remaining());
                result.complete(read.get());
                end(null);
            }
        }

        void fetch() {
            Optional<Entry> known = places.catalog().byContent(key.content());
            if (known.isEmpty()
                    || key.index() < 0
                    || key.index() >= Layout.pieceCountOf(known.get().size())) {
                end(new PieceUnavailableException("not a piece of the site"));
                return;
            }
            entry = known.get();
            bytes = Layout.pieceLengthOf(known.get().size());
            waiting.add(this);
            startWaiting();
        }

        /** Begins as soon as the rate allows. */
        void admit() {
            admitted = true;
            bytesUnderWay += bytes;
            Duration delay = downloads.take(bytes, machinery.loop().nanoTime());
            if (delay.isZero()) {
                start();
            } else {
                var unused = machinery.loop().after(delay, this::startUnlessHeld);
            }
        }

        /** An origin that answered with more than it was asked for may have brought the piece meanwhile. */
        private void startUnlessHeld() {
            if (places.store().has(key.content(), key.index())) {
                read(this, this::start);
            } else {
                start();
            }
        }

        void start() {
            Entry known = entry;
            if (known == null) {
                throw new IllegalStateException("started without an entry");
            }
            started = true;
            ContentSwarm swarm = swarm(key.content());
            swarm.fetch(known, key.index(), this);
            if (origin != null) {
                swarm.origin(key.index(), origin);
            }
            reviewSoon();
        }

        @Override
        public void fetched(ByteBuffer verified) {
            result.complete(verified);
        }

        @Override
        public void kept() {
            end(null);
        }

        @Override
        public void failed(String reason) {
            end(new PieceUnavailableException(reason));
        }

        private void end(@Nullable PieceUnavailableException failure) {
            underway.remove(key);
            if (failure != null) {
                result.completeExceptionally(failure);
            }
            if (admitted) {
                bytesUnderWay -= bytes;
                startWaiting();
            }
        }
    }
}
