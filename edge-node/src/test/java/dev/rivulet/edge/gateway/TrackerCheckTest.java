package dev.rivulet.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.gateway.TrackerCheck.State;
import dev.rivulet.edge.tracker.FakeTrackerLink;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.protocol.message.HttpReady;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrackerCheckTest {
    private static final String SELF = "EBESExQVFhcYGRobHB0eHw";
    private static final HttpCheck CHECK = HttpCheck.anew(new SplittableRandom(3));
    private static final HttpChecked REFUSED = new HttpChecked(HttpChecked.CONNECT, "the connection is refused");

    private final FakeTrackerLink link = new FakeTrackerLink();
    private final TrackerCheck check = new TrackerCheck(link);

    @Test
    void theTokenIsShownUnderThePeerIdFromWhenItIsSaidToBe() throws DecodeException {
        join("https://edge.example/");
        assertThat(check.token(SELF)).isEmpty();

        check.received(CHECK);

        assertThat(check.token(SELF)).contains(CHECK.token());
        assertThat(check.token("")).isEmpty();
        assertThat(check.token("AAAAAAAAAAAAAAAAAAAAAA")).isEmpty();
        assertThat(link.sent).containsExactly(new HttpReady());
    }

    @Test
    void aLaterTokenReplacesIt() throws DecodeException {
        HttpCheck later = HttpCheck.anew(new SplittableRandom(4));
        join("https://edge.example/");
        check.received(CHECK);

        check.received(later);

        assertThat(check.token(SELF)).contains(later.token());
        assertThat(link.sent).hasSize(2);
    }

    @Test
    void itIsForgottenWithTheConnection() throws DecodeException {
        join("https://edge.example/");
        check.received(CHECK);
        check.received(HttpChecked.REACHED);

        check.lost();

        assertThat(check.token(SELF)).isEmpty();
        assertThat(check.standing().orElseThrow().state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void whoClaimsNothingShowsNothing() throws DecodeException {
        join(null);

        check.received(CHECK);
        check.received(REFUSED);

        assertThat(check.token(SELF)).isEmpty();
        assertThat(check.standing()).isEmpty();
        assertThat(link.sent).isEmpty();
    }

    @Test
    void whatCameOfItIsSaidTheLastTimeItWasTried() throws DecodeException {
        join("https://edge.example/");
        check.received(CHECK);
        check.received(REFUSED);
        assertThat(check.standing().orElseThrow().state()).isEqualTo(State.UNREACHED);

        check.received(HttpChecked.REACHED);

        assertThat(check.standing().orElseThrow())
                .isEqualTo(new TrackerCheck.Standing(url("https://edge.example/"), State.REACHED, null));
    }

    @ParameterizedTest
    @CsvSource({
        "connect, https://edge.example/, open TCP port 443",
        "connect, http://edge.example/, open TCP port 80",
        "late, http://[2001:db8::1]:7080/, open TCP port 7080",
        "name, https://edge.example/, correct http-url",
        "address, http://10.0.0.1:7080/, set http-url",
        "certificate, https://edge.example/, certificate of the proxy",
        "answer, https://edge.example/rivulet/, below https://edge.example/rivulet/",
        "from-the-future, https://edge.example/, http-url"
    })
    void aFailureSaysWhatToDoAboutIt(String failed, String base, String remedy) throws DecodeException {
        join(base);

        check.received(new HttpChecked(failed, "so it is"));

        assertThat(check.standing().orElseThrow().problem())
                .startsWith("so it is; ")
                .contains(remedy);
    }

    private void join(String base) throws DecodeException {
        check.claim(base == null ? null : url(base));
        CatalogBody catalog = new CatalogBody(
                SigningKey.generate(new SecureRandom()).publicKey(), List.of("a.b.c"), "a.b.c", null, null);
        check.received(new Welcome(
                PeerId.parse(SELF), "resume", List.of(), TestEntries.policy("http://127.0.0.1:1"), List.of(), catalog));
    }

    private static ResourceUrl url(String text) throws DecodeException {
        return ResourceUrl.parse(text);
    }
}
