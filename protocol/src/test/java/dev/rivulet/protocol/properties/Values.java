package dev.rivulet.protocol.properties;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.fixtures.Samples;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary values of the protocol, all of them valid. */
final class Values {
    private Values() {}

    static Arbitrary<Long> u32() {
        return Arbitraries.longs().between(0, Limits.MAX_U32);
    }

    static Arbitrary<Long> count() {
        return Arbitraries.longs().between(0, Limits.MAX_INTEGER);
    }

    static Arbitrary<Integer> piece() {
        return Arbitraries.integers().between(0, Limits.MAX_PIECES - 1);
    }

    static Arbitrary<Boolean> flag() {
        return Arbitraries.of(true, false);
    }

    static Arbitrary<Sha256> hash() {
        Arbitrary<Long> part = Arbitraries.longs();
        return Combinators.combine(part, part, part, part).as(Sha256::new);
    }

    static Arbitrary<ContentId> contentId() {
        return hash().map(ContentId::new);
    }

    static Arbitrary<PeerId> peerId() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(PeerId::new);
    }

    static Arbitrary<SiteId> siteId() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(63)
                .map(SiteId::new);
    }

    /** Text without control characters, from any script, without unpaired surrogates. */
    static Arbitrary<String> line(int least, int most) {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .withCharRange('\u00A0', '\uD7FF')
                .ofMinLength(least)
                .ofMaxLength(most);
    }

    /** Text with control characters too. */
    static Arbitrary<String> text(int least, int most) {
        return Arbitraries.strings()
                .withCharRange('\0', '\uD7FF')
                .ofMinLength(least)
                .ofMaxLength(most);
    }

    static Arbitrary<Group> group() {
        return line(1, Limits.MAX_GROUP_CHARS).map(Group::new);
    }

    static Arbitrary<ResourceUrl> url() {
        Arbitrary<String> name = Arbitraries.strings().ofMinLength(1).ofMaxLength(12);
        return Combinators.combine(base(), name.list().ofMinSize(1).ofMaxSize(3))
                .as(Values::path);
    }

    private static ResourceUrl path(ResourceUrl base, Iterable<String> names) {
        try {
            return ResourceUrl.ofPath(base, String.join("/", names));
        } catch (DecodeException e) {
            return base;
        }
    }

    static Arbitrary<ResourceUrl> base() {
        return Arbitraries.of(
                        "https://example.com/", "http://127.0.0.1:8080/", "http://[::1]/a/", "https://a.b.c:8443/x/y/")
                .map(Values::parse);
    }

    private static ResourceUrl parse(String text) {
        try {
            return ResourceUrl.parse(text);
        } catch (DecodeException e) {
            throw new IllegalStateException(e);
        }
    }

    static Arbitrary<SitePolicy> policy() {
        Arbitrary<OriginPattern> origin = Arbitraries.of(
                        "https://example.com", "http://*.localhost:8080", "http://[::1]")
                .map(OriginPattern::new);
        Arbitrary<UrlPattern> pattern =
                Arbitraries.strings().withChars("/*ab?.").ofMaxLength(20).map(rest -> new UrlPattern("/" + rest));
        return Combinators.combine(
                        Arbitraries.of(PrivacyMode.values()),
                        flag(),
                        origin.list().ofMaxSize(3),
                        origin.list().ofMaxSize(3),
                        pattern.list().ofMaxSize(3),
                        pattern.list().ofMaxSize(3),
                        flag(),
                        flag())
                .as(SitePolicy::new);
    }

    static Arbitrary<Validators> validators() {
        Arbitrary<String> value = Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMinLength(1)
                .ofMaxLength(30)
                .injectNull(0.3);
        return Combinators.combine(value, value).as(Validators::new);
    }

    static Arbitrary<Entry> entry() {
        Arbitrary<Layout> layout = Combinators.combine(
                        Arbitraries.integers().between(1, 5_000_000),
                        Arbitraries.longs().between(0, 3))
                .as((length, seed) -> Samples.layout(Samples.bytes(length, seed)));
        return entry(layout, 100);
    }

    static Arbitrary<Entry> entry(Arbitrary<Layout> layout, int mostHeaderChars) {
        Arbitrary<Map<String, String>> headers = Arbitraries.maps(
                        Arbitraries.of(Entry.HEADER_NAMES),
                        Arbitraries.strings()
                                .withCharRange(' ', '~')
                                .withChars('\t')
                                .ofMaxLength(mostHeaderChars))
                .ofMaxSize(3);
        return Combinators.combine(hash().map(UrlHash::new), layout, headers, validators(), count(), flag())
                .as(Entry::of);
    }
}
