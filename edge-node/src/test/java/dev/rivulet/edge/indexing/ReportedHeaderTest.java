package dev.rivulet.edge.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.HeaderFields;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportedHeaderTest {
    @Test
    void whatMattersIsReportedAndNothingElse() {
        HeaderFields reported = of(Map.of(
                "Cache-Control", List.of("public", "max-age=60"),
                "Content-Type", List.of("video/mp4"),
                "Server", List.of("x")));

        assertThat(reported.names()).containsExactly("cache-control", "content-type");
        assertThat(reported.all("cache-control")).containsExactly("public", "max-age=60");
    }

    @Test
    void cookiesAreReportedWithoutTheirValue() {
        assertThat(of(Map.of("Set-Cookie", List.of("a=secret", "b=\u00e4"))).all("set-cookie"))
                .containsExactly("");
    }

    @Test
    void aFieldThatNoEntryCouldCarryIsLeftOut() {
        assertThat(of(Map.of("Content-Disposition", List.of("attachment; filename=\u00e4")))
                        .names())
                .isEmpty();
    }

    @Test
    void whatMightForbidSharingIsNeverLeftOut() {
        assertThat(ReportedHeader.of(HeaderFields.of(Map.of("Vary", List.of("\u00e4")))))
                .isEmpty();
        assertThat(ReportedHeader.of(HeaderFields.of(
                        Map.of("Vary", Collections.nCopies(Limits.MAX_INDEX_HEADER_LINES + 1, "accept")))))
                .isEmpty();
    }

    private static HeaderFields of(Map<String, List<String>> fields) {
        return ReportedHeader.of(HeaderFields.of(fields)).orElseThrow();
    }
}
