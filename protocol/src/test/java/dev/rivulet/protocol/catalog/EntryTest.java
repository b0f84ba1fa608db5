package dev.rivulet.protocol.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rivulet.protocol.fixtures.Samples;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.Validators;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class EntryTest {
    private static final HeaderFields RESPONSE = HeaderFields.of(new TreeMap<>(Map.of(
            "Content-Type", List.of("text/html"),
            "Set-Cookie", List.of("a=b"),
            "ETag", List.of("\"é\""),
            "Last-Modified", List.of("Tue, 01 Sep 2026 10:00:00 GMT"),
            "Content-Disposition", List.of("attachment; filename=\"é\""),
            "Content-Security-Policy", List.of("default-src 'self'", "img-src *"))));

    @Test
    void onlyHeadersOnTheListAndOfUsableTextAreKept() {
        assertThat(Entry.headersOf(RESPONSE))
                .containsOnly(
                        Map.entry("content-type", "text/html"),
                        Map.entry("content-security-policy", "default-src 'self', img-src *"));
    }

    @Test
    void validatorsThatAnEntryCannotCarryAreAsGoodAsNone() {
        assertThat(Validators.of(RESPONSE)).isEqualTo(new Validators(null, "Tue, 01 Sep 2026 10:00:00 GMT"));
    }

    @Test
    void anEntryTooLargeForCatalogsIsRefusedThere() {
        Map<String, String> headers = new TreeMap<>();
        for (String name : List.of("content-type", "content-disposition", "content-language", "timing-allow-origin")) {
            headers.put(name, "x".repeat(2048));
        }
        Layout layout = Samples.layout(new byte[1]);
        Entry large = Entry.of(Samples.url("/a").hash(), layout, headers, Validators.NONE, 0, true);

        assertThatIllegalArgumentException().isThrownBy(() -> ShardedCatalog.of(List.of(large)));
    }
}
