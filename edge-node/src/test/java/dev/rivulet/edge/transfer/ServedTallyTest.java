package dev.rivulet.edge.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.catalog.ServedDay;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import java.security.SecureRandom;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

final class ServedTallyTest {
    private final ServedTally tally = new ServedTally();

    @Test
    void whatIsTakenIsTakenOnce() {
        tally.webrtc(content(1), 5, true);

        assertThat(tally.take().contents()).hasSize(1);
        assertThat(tally.take().isEmpty()).isTrue();
    }

    @Test
    void contentsBeyondTheBoundCountTogetherHereAndInADay() throws Exception {
        for (int i = 0; i < ServedDay.MAX_CONTENTS + 3; i++) {
            tally.http(content(i), 2, true);
        }
        ServedTally.Taken first = tally.take();
        tally.webrtc(content(-1), 7, true);
        tally.http(content(0), 1, true);
        ServedTally.Taken second = tally.take();

        ServedDay day = ServedDay.begin(
                        new SiteId("demo"),
                        LocalDate.of(2026, 11, 21),
                        SigningKey.generate(new SecureRandom()).publicKey(),
                        null)
                .plus(first.contents(), first.others())
                .plus(second.contents(), second.others());

        assertThat(first.others().bytes()).isEqualTo(6);
        assertThat(day.contents()).hasSize(ServedDay.MAX_CONTENTS);
        assertThat(day.others().http().bytes()).isEqualTo(6);
        assertThat(day.others().webrtc().bytes()).isEqualTo(7);
        assertThat(day.contents().get(0).ways().http().bytes()).isEqualTo(3);
        assertThat(ServedDay.parse(day.file())).isEqualTo(day);
        assertThat(day.file().length).isLessThan(ServedDay.MAX_BYTES);
    }

    private static ContentId content(int number) {
        return new ContentId(new Sha256(number, 0, 0, 0));
    }
}
