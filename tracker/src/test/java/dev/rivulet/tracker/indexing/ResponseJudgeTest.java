package dev.rivulet.tracker.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.Shareability.Response;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.indexing.ResponseJudge.Judgement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseJudgeTest {
    private static final long NOW = 1_800_000_000;
    private static final CatalogEntry INDEXED = Entries.put("/a", "a", NOW).entry();
    private static final CatalogEntry PUBLISHED =
            Entries.published(Entries.put("/a", "a", NOW)).entry();
    private static final String ETAG = INDEXED.entry().validators().etag() == null
            ? ""
            : INDEXED.entry().validators().etag();
    private static final Question FIRST = new Question(null, false);
    private static final Question STALE = new Question(INDEXED, true);

    @Test
    void shareableIsReadAndFreshAsLongAsItSays() {
        assertThat(judge(FIRST, 200, Map.of("cache-control", "max-age=60"))).isEqualTo(new Judgement.Read(60));
    }

    @Test
    void freshnessIsAYearAtMost() {
        assertThat(judge(FIRST, 200, Map.of("cache-control", "max-age=999999999")))
                .isEqualTo(new Judgement.Read(ResponseJudge.MAX_AGE_SECONDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"private, max-age=60", "no-store", ""})
    void whatIsNotForSharingIsRefusedUnread(String cacheControl) {
        assertThat(outcome(FIRST, 200, Map.of("cache-control", cacheControl))).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void cookiesAreRefused() {
        assertThat(outcome(FIRST, 200, Map.of("cache-control", "max-age=60", "set-cookie", "a=b")))
                .isEqualTo(new Outcome.Refused("set-cookie"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 403, 404, 410})
    void otherAnswersAreRefused(int status) {
        assertThat(outcome(FIRST, status, Map.of())).isEqualTo(new Outcome.Refused("status " + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void troubleSaysNothingAboutTheResource(int status) {
        assertThat(outcome(STALE, status, Map.of())).isEqualTo(new Outcome.Failed("status " + status));
    }

    @Test
    void unchangedIsFreshAsLongAsItSaysNowOrElseAsBefore() {
        assertThat(outcome(STALE, 304, Map.of("cache-control", "max-age=7"))).isEqualTo(new Outcome.Unchanged(7));
        assertThat(outcome(STALE, 304, Map.of())).isEqualTo(new Outcome.Unchanged(Entries.MAX_AGE_SECONDS));
    }

    @Test
    void unchangedThatIsNotForSharingAnyMoreIsRefused() {
        assertThat(outcome(STALE, 304, Map.of("cache-control", "no-store"))).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void originThatDoesNoConditionalRequestsIsUnderstood() {
        assertThat(outcome(STALE, 200, Map.of("cache-control", "max-age=7", "etag", ETAG)))
                .isEqualTo(new Outcome.Unchanged(7));
        assertThat(judge(STALE, 200, Map.of("cache-control", "max-age=7", "etag", "\"other\"")))
                .isEqualTo(new Judgement.Read(7));
    }

    @Test
    void validatorsProveNothingAboutWhatWasContradicted() {
        Question contradicted = new Question(INDEXED, false);

        assertThat(judge(contradicted, 200, Map.of("cache-control", "max-age=7", "etag", ETAG)))
                .isEqualTo(new Judgement.Read(7));
        assertThat(outcome(contradicted, 304, Map.of())).isEqualTo(new Outcome.Refused("status 304"));
    }

    @Test
    void whatTheSitePublishedIsCheckedByItsBytesWhateverTheOriginSaysOfCaching() {
        Question contradicted = new Question(PUBLISHED, false);

        assertThat(judge(contradicted, 200, Map.of())).isEqualTo(new Judgement.ReadToConfirm());
        assertThat(judge(contradicted, 200, Map.of("cache-control", "no-store")))
                .isEqualTo(new Judgement.ReadToConfirm());
        assertThat(outcome(contradicted, 404, Map.of())).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome(new Question(PUBLISHED, true), 304, Map.of("cache-control", "no-store")))
                .isEqualTo(new Outcome.Unchanged(Entries.MAX_AGE_SECONDS));
    }

    private static Outcome outcome(Question question, int status, Map<String, String> headers) {
        return ((Judgement.Done) judge(question, status, headers)).outcome();
    }

    private static Judgement judge(Question question, int status, Map<String, String> headers) {
        Map<String, List<String>> fields = new HashMap<>();
        headers.forEach((name, value) -> fields.put(name, List.of(value)));
        return ResponseJudge.judge(
                question,
                new Response(Entries.url("/a"), status, HeaderFields.of(fields), NOW, NOW),
                List.of(new OriginPattern("https://content.example")));
    }
}
