package dev.rivulet.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.config.IceServerConfig;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyTest {
    private static final IceServerConfig TURN = new IceServerConfig(List.of("turn:t.example:3478"), "user", "word");
    private static final IceServerConfig STUN = new IceServerConfig(List.of("stun:s.example"), null, null);

    @Test
    void whatIsKeptIsReadBack() throws Exception {
        TrackerPolicy all = new TrackerPolicy(List.of(TURN, STUN), 70_000, Price.of("0.085", "EUR"));
        TrackerPolicy little = new TrackerPolicy(List.of(), 1, null);

        assertThat(TrackerPolicy.decode(all.encode())).isEqualTo(all);
        assertThat(TrackerPolicy.decode(little.encode())).isEqualTo(little);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "0,085", "1e3", "1000000.1", "0.1234567", "NaN"})
    void aPriceIsAnAmountOfMoney(String text) {
        assertThat(catchThrowableOfType(ConfigException.class, () -> Price.of(text, "EUR"))
                        .key())
                .isEqualTo("price.perGb");
    }

    @Test
    void theTrackersOwnServerHasAPlaceInWelcomes() {
        List<IceServerConfig> fifteen = Collections.nCopies(15, STUN);
        List<IceServerConfig> sixteen = Collections.nCopies(16, STUN);

        assertThat(new TrackerPolicy(fifteen, 1, null).iceServers()).hasSize(15);
        assertThat(catchThrowableOfType(ConfigException.class, () -> new TrackerPolicy(sixteen, 1, null))
                        .key())
                .isEqualTo("iceServers");
    }
}
