package dev.rivulet.protocol.properties;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.CatalogException;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.catalog.Shard;
import dev.rivulet.protocol.catalog.ShardIndex;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.fixtures.Samples;
import dev.rivulet.protocol.fixtures.Schemas;
import dev.rivulet.protocol.fixtures.TestKeys;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class CatalogPropertyTest {
    @Property(tries = 100)
    void layoutsDoNotDependOnHowTheBytesCome(@ForAll @IntRange(min = 1, max = 1_000_000) int size, @ForAll long seed) {
        byte[] content = Samples.bytes(size, seed);
        LayoutBuilder builder = new LayoutBuilder(size);
        Random random = new Random(seed);
        for (int at = 0; at < size; ) {
            int length = Math.min(size - at, random.nextInt(300_000));
            builder.update(ByteBuffer.wrap(content, at, length));
            at += length;
        }
        Layout layout = builder.finish();

        assertThat(layout).isEqualTo(Samples.layout(content));
        for (int piece = 0; piece < layout.pieceCount(); piece++) {
            int offset = Math.toIntExact(layout.offset(piece));
            assertThat(layout.pieceAt(offset)).isEqualTo(piece);
            assertThat(layout.verify(piece, ByteBuffer.wrap(content, offset, layout.length(piece))))
                    .isTrue();
        }
    }

    @Property
    void layoutsSurviveTheWire(@ForAll @IntRange(min = 1, max = 3_000_000) int size) throws DecodeException {
        Layout layout = Samples.layout(new byte[size]);

        Layout decoded = Layout.decode(layout.encode());

        assertThat(decoded).isEqualTo(layout);
        assertThat(decoded.contentId()).isEqualTo(layout.contentId());
        assertThat(layout.encode()).hasSize(Layout.encodedLengthOf(size));
    }

    @Property
    void piecesTileEveryResource(@ForAll("sizes") long size) {
        long pieceLength = Layout.pieceLengthOf(size);
        long pieces = Layout.pieceCountOf(size);

        assertThat(pieces).isBetween(1L, (long) Limits.MAX_PIECES);
        assertThat((pieces - 1) * pieceLength).isLessThan(size);
        assertThat(pieces * pieceLength).isGreaterThanOrEqualTo(size);
        assertThat(Layout.encodedLengthOf(size)).isLessThanOrEqualTo(Limits.MAX_LAYOUT_BYTES);
    }

    @Property(tries = 200)
    void entriesSurviveTheWireAndFitTheirSchema(@ForAll("entries") Entry entry) throws DecodeException {
        String text = Json.write(entry.encode());

        assertThat(Entry.decode(Json.parse("entry", text))).isEqualTo(entry);
        assertThat(Schemas.complaints("entry", text)).isEmpty();
    }

    @Property(tries = 60)
    void shardsHoldEveryEntryOnceAtTheLeastDepth(@ForAll("catalogs") List<Entry> entries, @ForAll Random random)
            throws DecodeException {
        ShardedCatalog catalog = ShardedCatalog.of(entries);
        List<Entry> found = new ArrayList<>();
        for (ShardHash hash : catalog.index().shards()) {
            byte[] bytes = catalog.shards().get(hash);
            assertThat(bytes).hasSizeLessThanOrEqualTo(Limits.MAX_SHARD_BYTES);
            found.addAll(Shard.decode(bytes).entries());
        }

        assertThat(found).containsExactlyInAnyOrderElementsOf(entries);
        for (Entry entry : entries) {
            ShardHash shard = catalog.shardOf(entry.url()).orElseThrow();
            assertThat(Shard.decode(catalog.shards().get(shard)).find(entry.url()))
                    .contains(entry);
        }
        assertThat(isDepthNeeded(catalog, entries)).isTrue();
        List<Entry> shuffled = new ArrayList<>(entries);
        Collections.shuffle(shuffled, random);
        assertThat(ShardedCatalog.of(shuffled).root()).isEqualTo(catalog.root());
    }

    /** Whether some two neighbouring shards would not fit into one. */
    private static boolean isDepthNeeded(ShardedCatalog catalog, List<Entry> entries) {
        int depth = catalog.depth();
        return depth == 0
                || entries.stream()
                        .collect(Collectors.groupingBy(
                                entry -> entry.url().hash().prefix(depth - 1),
                                Collectors.summingInt(entry -> entry.encodedBytes() + 1)))
                        .values()
                        .stream()
                        .anyMatch(bytes -> bytes - 1 + "{\"entries\":[]}".length() > Limits.MAX_SHARD_BYTES);
    }

    @Property(tries = 100)
    void aChangedEntryChangesOneShard(@ForAll("catalogs") @Size(min = 1) List<Entry> entries) {
        ShardedCatalog before = ShardedCatalog.of(entries);
        List<Entry> changed = new ArrayList<>(entries);
        Entry first = changed.get(0);
        changed.set(0, first.freshUntil(first.freshUntil() ^ 1));
        ShardedCatalog after = ShardedCatalog.of(changed);
        Set<ShardHash> gone = new HashSet<>(before.shards().keySet());
        gone.removeAll(after.shards().keySet());

        if (after.depth() == before.depth()) {
            assertThat(gone).hasSize(1);
        }
        assertThat(after.root()).isNotEqualTo(before.root());
    }

    @Property(tries = 30)
    void signedCatalogsAreTakenByThoseWhoPinnedTheRootKey(@ForAll("catalogs") List<Entry> entries) throws Exception {
        CatalogBody body = CatalogBody.parse(Samples.catalog(entries).text().getBytes(StandardCharsets.UTF_8));
        CatalogVerifier verifier = new CatalogVerifier(Samples.SITE, TestKeys.ROOT.keyId(), null);
        verifier.delegations(body.rootKey(), body.delegations());
        Head head = verifier.head(body.head(), Samples.NOW).orElseThrow();

        byte[] index = ShardedCatalog.of(entries).index().encode();
        assertThat(ShardIndex.decode(head, index).root()).isEqualTo(head.root());
        assertThat(verifier.head(body.head(), Samples.NOW)).isEmpty();
    }

    @Property(tries = 200)
    void oneChangedCharacterMakesAHeadUnbelievable(@ForAll int where, @ForAll("base64url") char other)
            throws Exception {
        CatalogBody body = Samples.catalog(List.of());
        int at = Math.floorMod(where, body.head().length());
        String changed = body.head().substring(0, at) + other + body.head().substring(at + 1);
        CatalogVerifier verifier = new CatalogVerifier(Samples.SITE, TestKeys.ROOT.keyId(), null);
        verifier.delegations(body.rootKey(), body.delegations());

        if (changed.equals(body.head())) {
            assertThat(verifier.head(changed, Samples.NOW)).isPresent();
        } else {
            assertThat(refuses(verifier, changed)).isTrue();
        }
    }

    @Property
    void whateverTextComesTheVerifierOnlyRefuses(@ForAll String text) throws CatalogException {
        CatalogVerifier verifier = new CatalogVerifier(Samples.SITE, null, null);
        verifier.delegations(TestKeys.ROOT.publicKey(), List.of(text));

        assertThat(refuses(verifier, text)).isTrue();
        assertThat(refuses(verifier, text + "." + text + "." + text)).isTrue();
    }

    private static boolean refuses(CatalogVerifier verifier, String text) {
        try {
            verifier.head(text, Samples.NOW);
            return false;
        } catch (CatalogException e) {
            return true;
        }
    }

    @Property
    void whateverBytesComeOnlyDecodeErrorsGo(@ForAll byte[] bytes) {
        onlyDecodeErrors(() -> Layout.decode(bytes));
        onlyDecodeErrors(() -> Shard.decode(bytes));
        onlyDecodeErrors(() -> CatalogBody.parse(bytes));
        onlyDecodeErrors(() -> PublishBody.parse(bytes));
        onlyDecodeErrors(() -> SigningKey.parse(new String(bytes, StandardCharsets.ISO_8859_1)));
        onlyDecodeErrors(() -> ShardIndex.decode(Samples.head(ShardedCatalog.of(List.of())), bytes));
    }

    @Property
    void whateverFollowsALayoutsHeaderOnlyDecodeErrorsGo(
            @ForAll long size, @ForAll int pieceLength, @ForAll @Size(max = 200) byte[] rest) {
        byte[] bytes = ByteBuffer.allocate(Layout.HEADER_BYTES + rest.length)
                .putInt(0x52564C31)
                .putLong(size)
                .putInt(pieceLength)
                .put(rest)
                .array();

        onlyDecodeErrors(() -> Layout.decode(bytes));
    }

    /** Reads bytes that may be anything. */
    @FunctionalInterface
    private interface Decoding {
        void run() throws DecodeException;
    }

    private static void onlyDecodeErrors(Decoding decoding) {
        try {
            decoding.run();
        } catch (DecodeException e) {
            assertThat(e.place()).isNotEmpty();
        }
    }

    @Provide
    Arbitrary<Long> sizes() {
        return Arbitraries.longs().between(1, Limits.MAX_RESOURCE_BYTES);
    }

    @Provide
    Arbitrary<Entry> entries() {
        return Values.entry();
    }

    @Provide
    Arbitrary<List<Entry>> catalogs() {
        Arbitrary<Layout> layout =
                Arbitraries.longs().between(0, 3).map(seed -> Samples.layout(Samples.bytes(10, seed)));
        return Values.entry(layout, 1000).list().uniqueElements(Entry::url).ofMaxSize(80);
    }

    @Provide
    Arbitrary<Character> base64url() {
        return Arbitraries.chars().alpha().numeric().with('-', '_', '.', '=', '+');
    }
}
