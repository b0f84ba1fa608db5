package dev.rivulet.tracker.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionsTest {
    private static final long NOW = 1_000_000;
    private static final long IDLE = Sessions.IDLE.toSeconds();

    private final Sessions sessions = new Sessions(new SecureRandom());

    @Test
    void aSessionEndsWhenNobodyUsesIt() {
        String secret = sessions.begin("ada", NOW).secret();

        assertThat(sessions.use(secret, NOW + IDLE - 1)).isPresent();
        assertThat(sessions.use(secret, NOW + 2 * IDLE - 2)).isPresent();
        assertThat(sessions.use(secret, NOW + 3 * IDLE - 2)).isEmpty();
        assertThat(sessions.use(secret, NOW)).isEmpty();
    }

    @Test
    void aSessionEndsHoweverMuchItIsUsed() {
        String secret = sessions.begin("ada", NOW).secret();
        long end = NOW + Sessions.LONGEST.toSeconds();

        for (long now = NOW; now < end; now += IDLE / 2) {
            assertThat(sessions.use(secret, now)).isPresent();
        }

        assertThat(sessions.use(secret, end)).isEmpty();
    }

    @Test
    void anotherSessionThanTheMostEndsTheOneThatWasUsedTheLongestAgo() {
        List<String> secrets = new ArrayList<>();
        for (int i = 0; i < Sessions.MAX_EACH; i++) {
            secrets.add(sessions.begin("ada", NOW + i).secret());
        }
        String bobs = sessions.begin("bob", NOW).secret();
        sessions.use(secrets.get(0), NOW + 100);

        sessions.begin("ada", NOW + 101);

        assertThat(sessions.use(secrets.get(1), NOW + 101)).isEmpty();
        assertThat(sessions.use(secrets.get(0), NOW + 101)).isPresent();
        assertThat(sessions.use(bobs, NOW + 101)).isPresent();
    }

    @Test
    void sessionsCanBeEndedByTheirOperator() {
        String adas = sessions.begin("ada", NOW).secret();
        String bobs = sessions.begin("bob", NOW).secret();

        sessions.end(session -> session.name().equals("ada"));

        assertThat(sessions.use(adas, NOW)).isEmpty();
        assertThat(sessions.use(bobs, NOW)).isPresent();
        assertThat(sessions.use("guessed", NOW)).isEmpty();
    }
}
