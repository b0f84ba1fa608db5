package dev.rivulet.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ResourceUrl;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

final class OriginHealthTest {
    private static final ResourceUrl FILM = url("https://media.example/film.mp4");
    private static final ResourceUrl TRAILER = url("https://media.example/trailer.mp4");
    private static final ResourceUrl ELSEWHERE = url("https://static.example/app.js");

    private final IOException refused = new IOException("status 403");
    private final OriginHealth health = new OriginHealth();

    @Test
    void theThirdFailureInARowIsTold() {
        assertThat(health.failed(FILM, refused)).isEmpty();
        assertThat(health.failed(TRAILER, refused)).isEmpty();
        assertThat(health.failed(FILM, new UnknownHostException("media.example: no such name")))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("https://media.example", "media.example: no such name", "not served"));
    }

    @Test
    void whatGoesOnFailingIsNotToldAgain() {
        for (int i = 0; i < OriginHealth.FAILURES; i++) {
            health.failed(FILM, refused);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(health.failed(FILM, refused)).isEmpty();
        }
    }

    @Test
    void itsEndIsToldOnceAndANewBeginningAgain() {
        for (int i = 0; i < OriginHealth.FAILURES; i++) {
            health.failed(FILM, refused);
        }
        assertThat(health.succeeded(TRAILER)).hasValue("https://media.example can be fetched from again");
        assertThat(health.succeeded(FILM)).isEmpty();

        assertThat(health.failed(FILM, refused)).isEmpty();
        assertThat(health.failed(FILM, refused)).isEmpty();
        assertThat(health.failed(FILM, refused)).isPresent();
    }

    @Test
    void failuresWithSuccessesBetweenThemAreOneResourcesMatter() {
        for (int i = 0; i < 10; i++) {
            assertThat(health.failed(FILM, refused)).isEmpty();
            assertThat(health.succeeded(TRAILER)).isEmpty();
        }
    }

    @Test
    void everyOriginCountsForItself() {
        health.failed(FILM, refused);
        health.failed(FILM, refused);
        assertThat(health.failed(ELSEWHERE, refused)).isEmpty();
        assertThat(health.succeeded(ELSEWHERE)).isEmpty();
        assertThat(health.failed(FILM, refused)).isPresent();
    }

    @Test
    void aFailureWithoutAMessageIsNamedByItsKind() {
        health.failed(FILM, refused);
        health.failed(FILM, refused);
        assertThat(health.failed(FILM, new SocketTimeoutException()))
                .hasValueSatisfying(line -> assertThat(line).contains("SocketTimeoutException"));
    }

    private static ResourceUrl url(String text) {
        try {
            return ResourceUrl.parse(text);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }
}
