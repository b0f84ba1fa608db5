package dev.rivulet.protocol.properties;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.http.ByteRange;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.Shareability;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.Bitfield;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class HttpPropertyTest {
    @Property
    void aRangeIsTheBytesThatItsPositionsName(
            @ForAll @IntRange(max = 60) int first,
            @ForAll @IntRange(max = 60) int last,
            @ForAll @IntRange(max = 40) int size) {
        List<Integer> named = IntStream.rangeClosed(first, last)
                .filter(position -> position < size)
                .boxed()
                .toList();

        ByteRange range = ByteRange.parse("bytes=" + first + "-" + last, size);

        if (last < first) {
            assertThat(range).isEqualTo(new ByteRange.Whole());
        } else {
            assertThat(range).isEqualTo(of(named));
        }
    }

    @Property
    void anOpenRangeIsTheBytesFromItsPosition(
            @ForAll @IntRange(max = 60) int first, @ForAll @IntRange(max = 40) int size) {
        List<Integer> named = IntStream.range(0, size)
                .filter(position -> position >= first)
                .boxed()
                .toList();

        assertThat(ByteRange.parse("bytes=" + first + "-", size)).isEqualTo(of(named));
    }

    @Property
    void aSuffixIsTheLastBytes(@ForAll @IntRange(max = 60) int suffix, @ForAll @IntRange(max = 40) int size) {
        List<Integer> named = IntStream.range(0, size)
                .filter(position -> size - position <= suffix)
                .boxed()
                .toList();

        assertThat(ByteRange.parse("bytes=-" + suffix, size)).isEqualTo(of(named));
    }

    private static ByteRange of(List<Integer> positions) {
        return positions.isEmpty()
                ? new ByteRange.Unsatisfiable()
                : new ByteRange.Part(positions.get(0), positions.get(positions.size() - 1));
    }

    @Property
    void whateverTheHeaderARangeLiesWithinTheBody(@ForAll("headers") String header, @ForAll("sizes") long size) {
        if (ByteRange.parse(header, size) instanceof ByteRange.Part part) {
            assertThat(part.first()).isBetween(0L, part.last());
            assertThat(part.last()).isLessThan(size);
        }
    }

    @Property(tries = 2000)
    void patternsMatchAsTheRegularExpressionsThatTheyStandFor(
            @ForAll("patterns") String pattern, @ForAll("paths") String path) throws DecodeException {
        ResourceUrl url = ResourceUrl.parse("https://a" + path);
        String[] halves = pattern.split("(?=\\?)", 2);
        String expression =
                expression(halves[0], "[^?]*", "[^/?]*") + (halves.length > 1 ? expression(halves[1], ".*", ".*") : "");

        assertThat(new UrlPattern(pattern).matches(url)).isEqualTo(Pattern.matches(expression, url.pathAndQuery()));
    }

    private static String expression(String pattern, String twoStars, String oneStar) {
        return Pattern.compile("\\*\\*|\\*|[^*]")
                .matcher(pattern)
                .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(
                        switch (match.group()) {
                            case "**" -> twoStars;
                            case "*" -> oneStar;
                            default -> Pattern.quote(match.group());
                        }));
    }

    @Property
    void canonicalUrlsAreTheirOwnText(@ForAll("urls") String text) {
        try {
            ResourceUrl url = ResourceUrl.parse(text);
            assertThat(url.text()).isEqualTo(text);
            assertThat(url.origin() + url.pathAndQuery()).isEqualTo(text);
            assertThat(java.net.URI.create(url.origin()).getHost()).isIn(url.host(), null);
        } catch (DecodeException e) {
            assertThat(e.place()).isEqualTo("url");
        }
    }

    @Property
    void everyFileNameHasAUrlOrIsRefused(@ForAll String name) {
        try {
            ResourceUrl base = ResourceUrl.parse("https://a/");
            ResourceUrl url = ResourceUrl.ofPath(base, name);
            assertThat(ResourceUrl.parse(url.text())).isEqualTo(url);
            assertThat(url.hasQuery()).isFalse();
        } catch (DecodeException e) {
            assertThat(e.place()).isEqualTo("url");
        }
    }

    @Property
    void whateverTheHeadersSharingIsDecided(
            @ForAll("cacheControls") String cacheControl, @ForAll String vary, @ForAll int age) throws DecodeException {
        HeaderFields headers = HeaderFields.of(Map.of(
                "cache-control", List.of(cacheControl), "vary", List.of(vary), "age", List.of(String.valueOf(age))));
        Shareability.Response response =
                new Shareability.Response(ResourceUrl.parse("https://a/"), 200, headers, 1_000_000, 1_000_001);

        Shareability verdict = Shareability.of(response, List.of(new OriginPattern("https://a")));

        if (verdict instanceof Shareability.Shareable shareable) {
            assertThat(shareable.freshSeconds()).isBetween(0L, 2_147_483_648L);
            assertThat(cacheControl.toLowerCase(java.util.Locale.ROOT).replaceAll("\"[^\"]*\"", ""))
                    .doesNotContainPattern("(^|,)\\s*no-store\\s*(,|$)");
        }
    }

    @Property
    void blocksSurviveTheWire(
            @ForAll("u32") long requestId,
            @ForAll @IntRange(max = 131_071) int block,
            @ForAll @Size(min = 1, max = 500) byte[] payload)
            throws DecodeException {
        Block original = new Block(requestId, block * 32_768L, ByteBuffer.wrap(payload));

        Block decoded = Block.decode(original.encode());

        assertThat(decoded).isEqualTo(original);
    }

    @Property
    void whateverFrameComesOnlyDecodeErrorsGo(@ForAll byte[] frame) {
        try {
            Block block = Block.decode(ByteBuffer.wrap(frame));
            assertThat(block.encode()).isEqualTo(ByteBuffer.wrap(frame));
        } catch (DecodeException e) {
            assertThat(e.place()).startsWith("block");
        }
    }

    @Property
    void bitfieldsAreSetsOfPieces(@ForAll @IntRange(min = 1, max = 4096) int pieceCount, @ForAll byte[] bits)
            throws DecodeException {
        BitSet pieces = BitSet.valueOf(bits);
        pieces.clear(pieceCount, Math.max(pieceCount, pieces.length()));

        assertThat(Bitfield.of(pieces, pieceCount).pieces(pieceCount)).isEqualTo(pieces);
    }

    @Property
    void everyByteStringHasOneText(@ForAll byte[] bytes) throws DecodeException {
        assertThat(Base64Url.decode(Base64Url.encode(bytes))).isEqualTo(bytes);
    }

    @Property
    void everyTextHasAtMostOneByteString(@ForAll("base64urls") String text) {
        try {
            assertThat(Base64Url.encode(Base64Url.decode(text))).isEqualTo(text);
        } catch (DecodeException e) {
            assertThat(e.place()).isEqualTo("base64url");
        }
    }

    @Property
    void idsAreOrderedAsTheirBytes(@ForAll("contentIds") ContentId one, @ForAll("contentIds") ContentId other)
            throws DecodeException {
        int expected = java.util.Arrays.compareUnsigned(
                one.hash().bytes(), other.hash().bytes());

        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(Integer.signum(expected));
        assertThat(ContentId.parse(one.text())).isEqualTo(one);
    }

    @Provide
    Arbitrary<ContentId> contentIds() {
        return Values.contentId();
    }

    @Provide
    Arbitrary<Long> u32() {
        return Values.u32();
    }

    @Provide
    Arbitrary<Long> sizes() {
        return Arbitraries.longs().greaterOrEqual(0);
    }

    @Provide
    Arbitrary<String> headers() {
        return Arbitraries.oneOf(
                Arbitraries.strings(),
                Arbitraries.strings().withChars("0123456789-, ").map(text -> "bytes=" + text));
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("/**ab?.").ofMaxLength(10).map(text -> "/" + text);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.strings()
                .withChars("/ab?.")
                .ofMaxLength(10)
                .map(text -> "/" + text)
                .filter(HttpPropertyTest::isCanonical);
    }

    private static boolean isCanonical(String path) {
        try {
            return ResourceUrl.parse("https://a" + path).hash() != null;
        } catch (DecodeException e) {
            return false;
        }
    }

    @Provide
    Arbitrary<String> urls() {
        return Arbitraries.oneOf(
                Arbitraries.strings(),
                Arbitraries.strings()
                        .withChars("ab.:/?#@[]%2eE0123456789x^-_'\"<\\")
                        .map(text -> "http://" + text),
                Arbitraries.strings().withCharRange(' ', '~').map(text -> "https://a/" + text));
    }

    @Provide
    Arbitrary<String> cacheControls() {
        Arbitrary<String> directive = Arbitraries.of(
                "public",
                "private",
                "no-store",
                "NO-STORE",
                "max-age=60",
                "max-age=\"60\"",
                "max-age=99999999999",
                "s-maxage=5",
                "ext=\"no-store, private\"",
                "ext=\"a\\\"b\"",
                "\"",
                "=",
                "max-age",
                "",
                " ",
                "immutable",
                "no-cache");
        return Arbitraries.oneOf(
                Arbitraries.strings(), directive.list().ofMaxSize(5).map(list -> String.join(",", list)));
    }

    @Provide
    Arbitrary<String> base64urls() {
        return Arbitraries.strings().alpha().numeric().withChars("-_=").ofMaxLength(9);
    }
}
