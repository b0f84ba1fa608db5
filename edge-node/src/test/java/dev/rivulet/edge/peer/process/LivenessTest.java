package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LivenessTest {
    private final Liveness liveness = new Liveness();

    @Test
    void whoNeverAnswersIsGivenUpAfterManyQuestions() {
        for (int i = 0; i < Liveness.MAX_UNANSWERED; i++) {
            assertThat(liveness.ask()).isTrue();
        }
        assertThat(liveness.ask()).isFalse();
    }

    @Test
    void oneAnswerDoesForAllQuestionsBefore() {
        for (int i = 0; i < Liveness.MAX_UNANSWERED; i++) {
            assertThat(liveness.ask()).isTrue();
        }
        liveness.answered();

        assertThat(liveness.ask()).isTrue();
    }
}
