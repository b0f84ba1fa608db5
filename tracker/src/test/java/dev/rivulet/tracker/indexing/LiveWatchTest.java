package dev.rivulet.tracker.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.playlist.HlsPlaylist;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class LiveWatchTest {
    private static final long NOW = 1_000_000;
    private static final int SECONDS = 4;
    private static final long STEP_MS = 500;

    private final LiveWatch watch = new LiveWatch();

    @Test
    void playlistIsNotLookedAtBeforeSomebodyAsksForAnything() {
        assertThat(watch.nextLookMs(1, NOW)).isEmpty();

        watch.asked(segment(1), 1, 1, NOW);

        assertThat(watch.nextLookMs(1, NOW)).hasValue(NOW);
    }

    @Test
    void whatIsNotOfTheStreamMakesNobodyAViewer() {
        watch.asked(segment(99), 1, 1, NOW);
        assertThat(look(NOW, 1, 2, 3).appeared()).isEmpty();

        assertThat(watch.isWatched(1, NOW)).isFalse();
        assertThat(watch.nextLookMs(1, NOW)).isEmpty();
    }

    @Test
    void firstLookFindsWhatComesAfterWhatWasAskedFor() {
        watch.asked(segment(2), 1, 1, NOW);

        assertThat(look(NOW, 1, 2, 3, 4).appeared()).containsExactly(segment(3), segment(4));
        assertThat(watch.isWatched(1, NOW)).isTrue();
    }

    @Test
    void looksAreTimedForWhenTheNextSegmentIsDue() {
        watch.asked(segment(1), 1, 1, NOW);
        look(NOW, 1, 2);
        assertThat(watch.nextLookMs(1, NOW)).isEqualTo(OptionalLong.of(NOW + SECONDS * 1000 - STEP_MS));

        long early = NOW + SECONDS * 1000 - STEP_MS;
        watch.unchanged(playlist(), early);
        assertThat(watch.nextLookMs(1, early)).isEqualTo(OptionalLong.of(early + STEP_MS));

        assertThat(look(early + STEP_MS, 2, 3).appeared()).containsExactly(segment(3));
        assertThat(watch.nextLookMs(1, early)).isEqualTo(OptionalLong.of(early + SECONDS * 1000));
    }

    @Test
    void watchingTakesAsManyViewersAsIndexingTakesAskers() {
        watch.asked(segment(1), 1, 1, NOW);
        look(NOW, 1, 2);

        assertThat(watch.isWatched(2, NOW)).isFalse();
        assertThat(watch.nextLookMs(2, NOW)).hasValue(NOW + LiveWatch.IDLE_LOOK_MS);
        // The same network behind another page.
        watch.asked(segment(2), 2, 1, NOW);
        assertThat(watch.isWatched(2, NOW)).isFalse();
        watch.asked(segment(2), 3, 2, NOW);
        assertThat(watch.isWatched(2, NOW)).isTrue();
        assertThat(watch.isWatched(0, NOW)).isFalse();
    }

    @Test
    void watchingEndsWhenTheLastViewerIsSilent() {
        watch.asked(segment(1), 1, 1, NOW);
        look(NOW, 1, 2);

        assertThat(watch.nextLookMs(1, NOW + LiveWatch.VIEWER_MS)).isPresent();
        assertThat(watch.nextLookMs(1, NOW + LiveWatch.VIEWER_MS + 1)).isEmpty();
    }

    @Test
    void segmentsThatThePlaylistDroppedAreKeptForThoseWhoAreBehindAndThenLeft() {
        watch.asked(segment(1), 1, 1, NOW);
        look(NOW, 1, 2);

        assertThat(look(NOW + 4000, 2, 3).left()).isEmpty();
        assertThat(watch.names(segment(1))).isTrue();
        assertThat(look(NOW + 4000 + LiveWatch.LEFT_MS, 3, 4).left()).containsExactly(segment(1));
        assertThat(watch.names(segment(1))).isFalse();
        assertThat(look(NOW + 4000 + 2 * LiveWatch.LEFT_MS, 3, 4).left()).containsExactly(segment(2));
    }

    @Test
    void playlistThatFailsIsLookedAtLessAndLess() {
        watch.asked(segment(1), 1, 1, NOW);
        look(NOW, 1, 2);

        long pauseMs = 0;
        for (int i = 0; i < 20; i++) {
            watch.failed(NOW);
            long nextMs = watch.nextLookMs(1, NOW).orElseThrow() - NOW;
            assertThat(nextMs).isBetween(pauseMs, LiveWatch.MAX_PAUSE_MS);
            pauseMs = nextMs;
        }
        assertThat(pauseMs).isEqualTo(LiveWatch.MAX_PAUSE_MS);
    }

    @Test
    void streamThatStandsStillIsLookedAtSeldom() {
        watch.asked(segment(1), 1, 1, NOW);
        look(NOW, 1, 2);

        for (int i = 0; i < 100; i++) {
            watch.unchanged(playlist(), NOW);
        }

        assertThat(watch.nextLookMs(1, NOW)).hasValue(NOW + LiveWatch.MAX_PAUSE_MS);
    }

    private LiveWatch.Found look(long beganMs, int... numbers) {
        return watch.looked(
                playlist(),
                Arrays.stream(numbers).mapToObj(LiveWatchTest::segment).toList(),
                beganMs);
    }

    private static HlsPlaylist playlist() {
        return new HlsPlaylist(List.of(), List.of(), SECONDS, SECONDS, false);
    }

    private static ResourceUrl segment(int number) {
        return Askers.url("http://origin.example/live/" + number + ".ts").url();
    }
}
