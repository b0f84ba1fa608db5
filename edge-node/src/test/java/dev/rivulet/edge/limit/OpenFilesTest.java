package dev.rivulet.edge.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OpenFilesTest {
    @Test
    void theProcessThatNeedsMoreCounts() {
        assertThat(OpenFiles.needed(512, 8, 0)).isEqualTo(OpenFiles.FIXED + 520);
        assertThat(OpenFiles.needed(0, 8, 1024)).isEqualTo(OpenFiles.FIXED + 1024 * OpenFiles.PER_PEER);
    }

    @Test
    void whatIsUnlessConfiguredFitsTheUsualLimit() {
        assertThat(OpenFiles.needed(512, 8, 64)).isLessThanOrEqualTo(1024);
    }
}
