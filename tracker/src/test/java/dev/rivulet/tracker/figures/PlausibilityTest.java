package dev.rivulet.tracker.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.message.ClientMessage.ByteCounts;
import dev.rivulet.protocol.message.ClientMessage.ContentCounts;
import dev.rivulet.protocol.message.ClientMessage.Observed;
import dev.rivulet.protocol.message.ClientMessage.PieceCounts;
import dev.rivulet.protocol.message.ClientMessage.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlausibilityTest {
    private static final ContentId CONTENT = new ContentId(Sha256.of(new byte[1]));
    private static final long MOST_AT_FIRST = Plausibility.MAX_BYTES_PER_SECOND * (Plausibility.GRACE_MS / 1000);

    @Test
    void asMuchAsTheFastestLinkCarriesIsBelieved() {
        assertThat(Plausibility.isPlausible(bytes(MOST_AT_FIRST), 0)).isTrue();
        assertThat(Plausibility.isPlausible(bytes(MOST_AT_FIRST + 1), 0)).isFalse();
        assertThat(Plausibility.isPlausible(bytes(MOST_AT_FIRST + 1), 1000)).isTrue();
    }

    @Test
    void aClockThatGoesBackGivesNoLessThanAFirstReportHas() {
        assertThat(Plausibility.isPlausible(bytes(MOST_AT_FIRST), -1_000_000)).isTrue();
    }

    @Test
    void countsAreLimitedToo() {
        long most = Plausibility.MAX_TIMES_PER_SECOND * (Plausibility.GRACE_MS / 1000);
        assertThat(Plausibility.isPlausible(pieces(most), 0)).isTrue();
        assertThat(Plausibility.isPlausible(pieces(most + 1), 0)).isFalse();
        assertThat(Plausibility.isPlausible(observed(new Observed(most + 1, 0, List.of(), List.of())), 0))
                .isFalse();
    }

    @Test
    void noContentHasMoreOfTheOriginThanInAll() {
        assertThat(Plausibility.isPlausible(content(10, 10), 0)).isTrue();
        assertThat(Plausibility.isPlausible(content(10, 11), 0)).isFalse();
    }

    private static Report bytes(long uploaded) {
        return new Report(new ByteCounts(0, 0, 0, 0, uploaded), null, List.of(), List.of());
    }

    private static Report pieces(long rejected) {
        return new Report(null, new PieceCounts(0, rejected), List.of(), List.of());
    }

    private static Report content(long bytes, long origin) {
        return observed(new Observed(0, 0, List.of(), List.of(new ContentCounts(CONTENT, bytes, origin))));
    }

    private static Report observed(Observed observed) {
        return new Report(null, null, List.of(), List.of(), observed, null);
    }
}
