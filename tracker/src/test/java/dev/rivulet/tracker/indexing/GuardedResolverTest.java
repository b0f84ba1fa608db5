package dev.rivulet.tracker.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.tracker.publishing.Policies;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardedResolverTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "fe80::1"})
    void nameAtAPrivateAddressIsRefusedUnlessTheSiteAllowsThose(String address) throws UnknownHostException {
        assertThatThrownBy(
                        () -> resolver("https://inner.example", false, address).resolve("inner.example"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("allow-private");
        assertThat(resolver("https://inner.example", true, address).resolve("inner.example"))
                .containsExactly(InetAddress.getByName(address));
    }

    @Test
    void onlyThePublicOnesOfSeveralAddressesAreConnectedTo() throws UnknownHostException {
        assertThat(resolver("https://a.example", false, "127.0.0.1", "1.1.1.1").resolve("a.example"))
                .containsExactly(InetAddress.getByName("1.1.1.1"));
    }

    @Test
    void addressThatIsNamedAsAnOriginIsThereby() throws UnknownHostException {
        assertThat(resolver("http://127.0.0.1:8080", false, "127.0.0.1").resolve("127.0.0.1"))
                .hasSize(1);
        assertThat(resolver("http://[::1]:8080", false, "::1").resolve("::1")).hasSize(1);
        assertThatThrownBy(() ->
                        resolver("http://127.0.0.1:8080", false, "127.0.0.2").resolve("127.0.0.2"))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void addressThatNoOriginIsAtIsRefusedInAnyCase() {
        assertThatThrownBy(
                        () -> resolver("https://a.example", true, "224.0.0.1").resolve("a.example"))
                .isInstanceOf(UnknownHostException.class);
    }

    private static GuardedResolver resolver(String origin, boolean allowPrivate, String... addresses) {
        return new GuardedResolver(
                new FixedNames(List.of(addresses)), Policies.of(origin, List.of("/**"), List.of(), allowPrivate));
    }

    private record FixedNames(List<String> addresses) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            List<InetAddress> resolved = new ArrayList<>();
            for (String address : addresses) {
                resolved.add(InetAddress.getByName(address));
            }
            return resolved.toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
