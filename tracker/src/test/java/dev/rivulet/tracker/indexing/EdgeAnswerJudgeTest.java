package dev.rivulet.tracker.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.message.Indexed;
import dev.rivulet.tracker.indexing.EdgeAnswerJudge.Finding;
import dev.rivulet.tracker.indexing.edge.Answer;
import dev.rivulet.tracker.indexing.edge.EdgeName;
import dev.rivulet.tracker.publishing.Policies;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgeAnswerJudgeTest {
    private static final long NOW = 1_800_000_000;
    private static final String ORIGIN = "https://example.org";
    private static final PieceHash HASH = new PieceHash(Sha256.of(new byte[] {1}));
    private static final Indexed.Body BODY = new Indexed.Body(Limits.SMALL_PIECE_BYTES + 1L, true);

    @Test
    void whatMayBeSharedBecomesAnEntryFreshAsOfTheOriginsAnswer() throws Exception {
        Finding finding = judge(
                200,
                Map.of(
                        "cache-control", List.of("max-age=600"),
                        "content-type", List.of("video/mp4"),
                        "etag", List.of("\"1\"")),
                BODY,
                2);

        Outcome.Indexed indexed = ((Finding.Take) finding).indexed();
        assertThat(indexed.layout().size()).isEqualTo(BODY.size());
        assertThat(indexed.layout().hash(1)).isEqualTo(HASH);
        assertThat(indexed.entry().headers()).isEqualTo(Map.of("content-type", "video/mp4"));
        assertThat(indexed.entry().validators()).isEqualTo(new Validators("\"1\"", null));
        assertThat(indexed.entry().freshUntil()).isEqualTo(NOW - 5 + 600 - 2);
        assertThat(indexed.entry().ranges()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"private, max-age=60", "no-store", "max-age=0"})
    void whatMayNotIsSettledWithAndWithoutABody(String cacheControl) throws Exception {
        Map<String, List<String>> headers = Map.of("cache-control", List.of(cacheControl));

        assertThat(judge(200, headers, null, 0)).isInstanceOf(Finding.Settled.class);
        assertThat(judge(200, headers, BODY, 2)).isInstanceOf(Finding.Settled.class);
    }

    @Test
    void cookiesAndOtherEncodingsAreSettledToo() throws Exception {
        assertThat(judge(200, Map.of("cache-control", List.of("public"), "set-cookie", List.of("")), BODY, 2))
                .isEqualTo(new Finding.Settled(new Outcome.Refused("set-cookie")));
        assertThat(judge(200, Map.of("cache-control", List.of("public"), "content-encoding", List.of("br")), BODY, 2))
                .isEqualTo(new Finding.Settled(new Outcome.Refused("encoding")));
    }

    @ParameterizedTest
    @ValueSource(ints = {206, 301, 304, 403, 404, 429, 503})
    void whatTheOriginSaysToThisEdgeOnlyIsNoAnswer(int status) throws Exception {
        assertThat(judge(status, Map.of("cache-control", List.of("public")), null, 0))
                .isInstanceOf(Finding.Useless.class);
    }

    @Test
    void whatWasNotReadAlthoughItMayBeSharedIsNoAnswer() throws Exception {
        assertThat(judge(200, Map.of("cache-control", List.of("public")), null, 0))
                .isInstanceOf(Finding.Useless.class);
    }

    @Test
    void wrongNumberOfHashesIsNoAnswer() throws Exception {
        assertThat(judge(200, Map.of("cache-control", List.of("public")), BODY, 1))
                .isInstanceOf(Finding.Useless.class);
    }

    private static Finding judge(int status, Map<String, List<String>> headers, Indexed.@Nullable Body body, int hashes)
            throws Exception {
        EdgeName edge = new EdgeName(PeerId.random(new Random(1)), "t");
        Indexed.Answer said = new Indexed.Answer(status, HeaderFields.of(headers), 2, 5, body);
        return EdgeAnswerJudge.judge(
                ResourceUrl.parse(ORIGIN + "/a"),
                new Answer.Reported(edge, said, Collections.nCopies(hashes, HASH), 0),
                Policies.of(ORIGIN, List.of("/**"), List.of()),
                NOW);
    }
}
