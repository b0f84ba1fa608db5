package dev.rivulet.protocol.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.http.AddressKind;
import dev.rivulet.protocol.http.AddressPolicy;
import dev.rivulet.protocol.http.ByteRange;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.http.Shareability;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Vectors of ranges, patterns, validators, addresses, and of what may be shared. */
final class HttpVectors {
    static final Map<String, VectorsTest.Runner> RUNNERS = Map.of(
            "range", HttpVectors::range,
            "pattern", HttpVectors::pattern,
            "origin-pattern", HttpVectors::originPattern,
            "validators", HttpVectors::validators,
            "shareability", HttpVectors::shareability,
            "addresses", HttpVectors::addresses);

    private HttpVectors() {}

    private static void range(VectorCase vector) {
        long size = vector.number("size");
        ByteRange range = ByteRange.parse(vector.textOrNull("header"), size);
        switch (vector.text("result")) {
            case "whole" -> assertThat(range).isEqualTo(new ByteRange.Whole());
            case "part" -> {
                ByteRange.Part part = new ByteRange.Part(vector.number("first"), vector.number("last"));
                assertThat(range).isEqualTo(part);
                assertThat(part.contentRange(size)).isEqualTo(vector.text("contentRange"));
            }
            case "unsatisfiable" -> {
                assertThat(range).isEqualTo(new ByteRange.Unsatisfiable());
                assertThat(new ByteRange.Unsatisfiable().contentRange(size)).isEqualTo(vector.text("contentRange"));
            }
            default -> throw new AssertionError(vector.text("result"));
        }
    }

    private static void pattern(VectorCase vector) throws Exception {
        ResourceUrl url = ResourceUrl.parse(vector.text("url"));
        SitePolicy policy = new SitePolicy(
                PrivacyMode.OPEN,
                false,
                List.of(),
                List.of(new OriginPattern(url.origin())),
                patterns(vector.texts("include")),
                patterns(vector.texts("exclude")),
                false,
                true);
        assertThat(policy.admits(url)).isEqualTo(vector.get("matches").booleanValue());
    }

    private static List<UrlPattern> patterns(List<String> texts) throws DecodeException {
        List<UrlPattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(UrlPattern.parse(text));
        }
        return patterns;
    }

    private static void originPattern(VectorCase vector) throws Exception {
        assertThat(OriginPattern.parse(vector.text("pattern")).matches(vector.text("origin")))
                .isEqualTo(vector.get("matches").booleanValue());
    }

    private static void validators(VectorCase vector) {
        assertThat(validators(vector.get("entry")).matches(validators(vector.get("response"))))
                .isEqualTo(vector.get("matches").booleanValue());
    }

    private static Validators validators(JsonNode node) {
        return new Validators(
                node.path("etag").textValue(), node.path("lastModified").textValue());
    }

    private static void shareability(VectorCase vector) throws Exception {
        Map<String, List<String>> headers = new TreeMap<>();
        for (Map.Entry<String, JsonNode> header : vector.get("headers").properties()) {
            List<String> values = new ArrayList<>();
            header.getValue().forEach(value -> values.add(value.textValue()));
            headers.put(header.getKey(), values);
        }
        List<OriginPattern> webOrigins = new ArrayList<>();
        for (String origin : vector.texts("webOrigins")) {
            webOrigins.add(OriginPattern.parse(origin));
        }
        Shareability.Response response = new Shareability.Response(
                ResourceUrl.parse(vector.text("url")),
                (int) vector.number("status"),
                HeaderFields.of(headers),
                vector.number("requestedAt"),
                vector.number("receivedAt"));
        assertThat(word(Shareability.of(response, webOrigins)))
                .isEqualTo(vector.isValid() ? "fresh " + vector.number("freshSeconds") : vector.error());
    }

    private static String word(Shareability shareability) {
        return shareability instanceof Shareability.Shareable shareable
                ? "fresh " + shareable.freshSeconds()
                : ((Shareability.Refused) shareability).reason().text();
    }

    private static void addresses(VectorCase vector) throws Exception {
        InetAddress address = InetAddress.getByName(vector.text("address"));
        AddressKind kind = AddressPolicy.kindOf(address);
        assertThat(kind.name().toLowerCase(Locale.ROOT).replace('_', '-')).isEqualTo(vector.text("kind"));
        assertThat(AddressPolicy.isPublic(address)).isEqualTo(kind == AddressKind.PUBLIC);
    }
}
