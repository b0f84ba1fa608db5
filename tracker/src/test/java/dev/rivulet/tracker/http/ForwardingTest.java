package dev.rivulet.tracker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.tracker.http.Forwarding.Lines;
import dev.rivulet.tracker.http.Forwarding.Seen;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwardingTest {
    private static final InetAddress PROXY = address("10.1.1.1");
    private static final InetAddress CLIENT = address("192.0.2.7");

    private final Forwarding forwarding = new Forwarding(List.of("10.0.0.0/8", "::1"));

    @Test
    void whoIsNoProxyIsNotBelieved() {
        Lines lines = new Lines(List.of("for=198.51.100.1;proto=https"), List.of("198.51.100.1"), List.of("https"));

        assertThat(forwarding.of(CLIENT, lines)).isEqualTo(new Seen(CLIENT, null));
    }

    @Test
    void anAddressIsTheClientsOwnUnlessSomebodySpeaksForOthers() {
        Lines nothing = new Lines(List.of(), List.of(), List.of());
        Lines forwarded = new Lines(List.of("for=192.0.2.7"), List.of(), List.of());
        Lines separate = new Lines(List.of(), List.of("192.0.2.7"), List.of());
        InetAddress stranger = address("203.0.113.5");

        assertThat(forwarding.isDirect(stranger, nothing)).isTrue();
        assertThat(forwarding.isDirect(PROXY, forwarded)).isTrue();
        assertThat(forwarding.isDirect(PROXY, separate)).isTrue();

        assertThat(forwarding.isDirect(stranger, forwarded)).isFalse();
        assertThat(forwarding.isDirect(stranger, separate)).isFalse();
        assertThat(forwarding.isDirect(stranger, new Lines(List.of(), List.of(), List.of("https"))))
                .isFalse();
        assertThat(forwarding.isDirect(stranger, new Lines(List.of(), List.of(), List.of(), true)))
                .isFalse();
        assertThat(forwarding.isDirect(PROXY, nothing)).isFalse();
    }

    @Test
    void aProxyThatSaysNothingIsTheClient() {
        assertThat(forwarding.of(PROXY, new Lines(List.of(), List.of(), List.of())))
                .isEqualTo(new Seen(PROXY, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            for=192.0.2.7                                        | 192.0.2.7
            For="192.0.2.7:4711";by=10.1.1.1                     | 192.0.2.7
            for="[2001:db8::17]:47011"                           | 2001:db8::17
            for="[2001:db8::17]:_port"                           | 2001:db8::17
            for="\\[2001:db8::17]"                               | 2001:db8::17
            for=203.0.113.9, for=192.0.2.7                       | 192.0.2.7
            for=203.0.113.9, for=192.0.2.7, for=10.2.2.2         | 192.0.2.7
            for=unknown, for=10.2.2.2                            | 10.2.2.2
            for=192.0.2.7 , , for=10.2.2.2;secret=x              | 192.0.2.7
            for=203.0.113.9, for=_hidden                         | 10.1.1.1
            for=203.0.113.9, proto=https                         | 10.1.1.1
            for=203.0.113.9, for=2001:db8::17                    | 10.1.1.1
            for="                                                | 10.1.1.1
            for=203.0.113.9;x=", for=192.0.2.7                   | 10.1.1.1
            for=203.0.113.9;x=", for="[2001:db8::17]"            | 10.1.1.1
            for=203.0.113.9;for=192.0.2.7                        | 10.1.1.1
            for=203.0.113.9 x                                    | 10.1.1.1
            for = 203.0.113.9                                    | 10.1.1.1
            for=1                                                | 10.1.1.1
            for="0x7f.1"                                         | 10.1.1.1
            for=010.1.1.1                                        | 10.1.1.1
            for=203.0.113.256                                    | 10.1.1.1
            for="203.0.113.0/24"                                 | 10.1.1.1
            for="203.0.113.*"                                    | 10.1.1.1
            for="[fe80::1%eth0]"                                 | 10.1.1.1
            """)
    void forwardedIsFollowedFromTheRightAsFarAsItIsVouchedFor(String header, String seen) {
        assertThat(forwarding
                        .of(PROXY, new Lines(List.of(header), List.of(), List.of()))
                        .address())
                .isEqualTo(address(seen));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.7                          | 192.0.2.7
            192.0.2.7:4711                     | 192.0.2.7
            2001:db8::17                       | 2001:db8::17
            [2001:db8::17]:80                  | 2001:db8::17
            203.0.113.9, 192.0.2.7             | 192.0.2.7
            203.0.113.9,192.0.2.7, 10.2.2.2    | 192.0.2.7
            192.0.2.7, ::1, 10.2.2.2           | 192.0.2.7
            10.3.3.3, 10.2.2.2                 | 10.3.3.3
            203.0.113.9, nonsense              | 10.1.1.1
            203.0.113.9, nonsense, 10.2.2.2    | 10.2.2.2
            203.0.113.9,                       | 10.1.1.1
            """)
    void theOlderHeaderIsFollowedInTheSameWay(String header, String seen) {
        assertThat(forwarding
                        .of(PROXY, new Lines(List.of(), List.of(header), List.of()))
                        .address())
                .isEqualTo(address(seen));
    }

    @Test
    void linesAreOneChain() {
        assertThat(forwarding.of(PROXY, new Lines(List.of("for=203.0.113.9", "for=192.0.2.7"), List.of(), List.of())))
                .isEqualTo(new Seen(CLIENT, null));
        assertThat(forwarding.of(PROXY, new Lines(List.of(), List.of("203.0.113.9", "192.0.2.7"), List.of())))
                .isEqualTo(new Seen(CLIENT, null));
    }

    @Test
    void whereTheTwoHeadersDisagreeNeitherIsBelieved() {
        Lines disagreeing = new Lines(List.of("for=203.0.113.9;proto=https"), List.of("192.0.2.7"), List.of("http"));
        Lines agreeing = new Lines(List.of("for=192.0.2.7"), List.of("203.0.113.9, 192.0.2.7"), List.of("https"));

        assertThat(forwarding.of(PROXY, disagreeing)).isEqualTo(new Seen(PROXY, null));
        assertThat(forwarding.of(PROXY, agreeing)).isEqualTo(new Seen(CLIENT, "https"));
    }

    @Test
    void theSchemeIsThatOfTheClientsOwnConnection() {
        assertThat(schemeOfForwarded("for=192.0.2.7;proto=HTTPS, for=10.2.2.2;proto=http"))
                .isEqualTo("https");
        assertThat(schemeOfForwarded("for=192.0.2.7;proto=gopher")).isNull();
        assertThat(scheme("192.0.2.7", "https")).isEqualTo("https");
        assertThat(scheme("192.0.2.7, 10.2.2.2", "https, http")).isEqualTo("https");
        assertThat(scheme("203.0.113.9, 192.0.2.7", "http, https")).isEqualTo("https");
        assertThat(scheme("192.0.2.7, 10.2.2.2", "https")).isEqualTo("https");
        assertThat(scheme("192.0.2.7", "javascript")).isNull();
        assertThat(forwarding
                        .of(PROXY, new Lines(List.of(), List.of(), List.of("https")))
                        .scheme())
                .isEqualTo("https");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", ",,", ";", "=", "a=\"\\", "a=\"\\\"", "for", "for="})
    void nonsenseIsNobody(String header) {
        assertThat(forwarding.of(PROXY, new Lines(List.of(header), List.of(), List.of())))
                .isEqualTo(new Seen(PROXY, null));
    }

    @Property
    void nothingFailsWhateverAClientWrites(
            @ForAll @CharRange(from = ' ', to = '~') @Chars({'"', '\\', ',', ';', '=', '[', ']', ':', '\t'})
                    String text) {
        Lines lines = new Lines(List.of(text), List.of(text), List.of(text));

        assertThat(forwarding.of(PROXY, lines).address()).isNotNull();
        assertThat(forwarding.of(CLIENT, lines)).isEqualTo(new Seen(CLIENT, null));
    }

    @Property
    void noClientCanSpeakForAnother(
            @ForAll @CharRange(from = ' ', to = '~') @Chars({'"', '\\', ',', ';', '=', '[', ']', ':', '\t'})
                    String text) {
        Lines one = new Lines(List.of(text + ", for=192.0.2.7"), List.of(), List.of());
        Lines other = new Lines(List.of(text), List.of("192.0.2.7"), List.of());

        assertThat(forwarding.of(PROXY, one).address()).isIn(CLIENT, PROXY);
        assertThat(forwarding.of(PROXY, other).address()).isIn(CLIENT, PROXY);
    }

    private String schemeOfForwarded(String header) {
        return forwarding
                .of(PROXY, new Lines(List.of(header), List.of(), List.of()))
                .scheme();
    }

    private String scheme(String addresses, String schemes) {
        return forwarding
                .of(PROXY, new Lines(List.of(), List.of(addresses), List.of(schemes)))
                .scheme();
    }

    private static InetAddress address(String text) {
        return new IPAddressString(text).getAddress().toInetAddress();
    }
}
