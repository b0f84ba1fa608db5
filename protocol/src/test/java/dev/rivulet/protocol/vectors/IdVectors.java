package dev.rivulet.protocol.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.Rendezvous;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import java.util.HexFormat;
import java.util.Map;

/** Vectors of encodings, ids and URLs. */
final class IdVectors {
    static final Map<String, VectorsTest.Runner> RUNNERS = Map.of(
            "base64url", IdVectors::base64url,
            "ids", IdVectors::ids,
            "key-ids", IdVectors::keyIds,
            "rendezvous", IdVectors::rendezvous,
            "url", IdVectors::url,
            "url-canonical", IdVectors::urlCanonical,
            "url-path", IdVectors::urlPath);

    private IdVectors() {}

    private static void base64url(VectorCase vector) throws Exception {
        String input = vector.text("input");
        vector.decide(() -> Base64Url.decode(input), () -> {
            byte[] bytes = HexFormat.of().parseHex(vector.text("hex"));
            assertThat(Base64Url.encode(bytes)).isEqualTo(input);
            assertThat(Base64Url.decode(input)).isEqualTo(bytes);
        });
    }

    private static void ids(VectorCase vector) throws Exception {
        String input = vector.text("input");
        String kind = vector.text("kind");
        vector.decide(
                () -> parse(kind, input), () -> assertThat(parse(kind, input)).isEqualTo(input));
    }

    /** The text of what {@code input} is read as. */
    private static String parse(String kind, String input) throws DecodeException {
        return switch (kind) {
            case "site" -> SiteId.parse(input).text();
            case "peer" -> PeerId.parse(input).text();
            case "hash" -> ContentId.parse(input).text();
            case "key" -> PublicKey.parse(input).text();
            case "group" -> Group.parse(input).text();
            default -> throw new AssertionError("kind " + kind);
        };
    }

    private static void keyIds(VectorCase vector) throws Exception {
        assertThat(PublicKey.parse(vector.text("key")).keyId().text()).isEqualTo(vector.text("keyId"));
    }

    private static void rendezvous(VectorCase vector) throws Exception {
        PeerId peer = PeerId.parse(vector.text("peer"));
        ContentId content = ContentId.parse(vector.text("content"));
        assertThat(Rendezvous.score(peer, content, (int) vector.number("piece")))
                .isEqualTo(vector.number("score"));
    }

    private static void url(VectorCase vector) throws Exception {
        String input = vector.text("input");
        vector.decide(() -> ResourceUrl.parse(input), () -> {
            ResourceUrl url = ResourceUrl.parse(input);
            assertThat(url.text()).isEqualTo(input);
            assertThat(url.hash().text()).isEqualTo(vector.text("hash"));
            assertThat(url.origin()).isEqualTo(vector.text("origin"));
            assertThat(url.pathAndQuery()).isEqualTo(vector.text("pathAndQuery"));
        });
    }

    private static void urlCanonical(VectorCase vector) throws Exception {
        String input = vector.text("input");
        String expected = vector.textOrNull("expected");
        if (expected != null) {
            assertThat(ResourceUrl.parse(expected).text()).isEqualTo(expected);
        }
        if (!input.equals(expected) && !vector.has("base")) {
            vector.place(() -> ResourceUrl.parse(input));
        }
    }

    private static void urlPath(VectorCase vector) throws Exception {
        ResourceUrl base = ResourceUrl.parse(vector.text("base"));
        String path = vector.text("path");
        vector.decide(
                () -> ResourceUrl.ofPath(base, path),
                () -> assertThat(ResourceUrl.ofPath(base, path).text()).isEqualTo(vector.text("expected")));
    }
}
