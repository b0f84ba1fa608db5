package dev.rivulet.tracker.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EdgeTrustTest {
    private static final SiteUrl A = Askers.url("https://example.org/a");
    private static final SiteUrl B = Askers.url("https://example.org/b");
    private static final SiteUrl C = Askers.url("https://example.org/c");

    private final EdgeTrust trust = new EdgeTrust();

    @Test
    void whatRestsOnATokensWordFallsWithIt() {
        trust.took(A, content(1), "bad");
        trust.took(B, content(2), "good");
        trust.took(C, content(3), "bad");
        trust.took(C, content(4), "good");

        assertThat(trust.fall("bad")).isEqualTo(Map.of(A, content(1)));
        assertThat(trust.fall("bad")).isEmpty();
        assertThat(trust.source(C, content(4))).isEqualTo("good");
    }

    @Test
    void aWordIsAboutOneVersion() {
        trust.took(A, content(1), "t");

        assertThat(trust.source(A, content(1))).isEqualTo("t");
        assertThat(trust.source(A, content(2))).isNull();
        assertThat(trust.source(B, content(1))).isNull();
    }

    @Test
    void severalDoubtsInARowAreTooMany() {
        for (int i = 1; i < EdgeTrust.MAX_DOUBTS; i++) {
            assertThat(trust.doubted("t")).isFalse();
        }
        trust.confirmed("t");
        for (int i = 1; i < EdgeTrust.MAX_DOUBTS; i++) {
            assertThat(trust.doubted("t")).isFalse();
            assertThat(trust.doubted("u" + i)).isFalse();
        }
        assertThat(trust.doubted("t")).isTrue();
    }

    private static ContentId content(int number) {
        return new ContentId(Sha256.of(new byte[] {(byte) number}));
    }
}
