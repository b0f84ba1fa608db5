package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.http.AddressPolicy;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.SitePolicy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names of a site's content origins to the addresses that may be connected to: public ones, and others where
 * the site's configuration names the address itself or allows private ones. The connection goes to exactly these
 * addresses, so a name that resolves differently the next moment gains nothing.
 */
final class GuardedResolver implements DnsResolver {
    private final DnsResolver names;
    private final SitePolicy policy;

    GuardedResolver(DnsResolver names, SitePolicy policy) {
        this.names = names;
        this.policy = policy;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        boolean any = policy.allowPrivate() || isNamedLiteral(host);
        InetAddress[] permitted = Arrays.stream(names.resolve(host))
                .filter(address -> AddressPolicy.isPublic(address) || (any && isPrivate(address)))
                .toArray(InetAddress[]::new);
        if (permitted.length == 0) {
            throw new UnknownHostException(
                    host + " is at no public address; set allow-private: true for the site if it should be fetched");
        }
        return permitted;
    }

    /** Not multicast, broadcast and the like, which no origin is at. */
    private static boolean isPrivate(InetAddress address) {
        return switch (AddressPolicy.kindOf(address)) {
            case PRIVATE, LOOPBACK, LINK_LOCAL -> true;
            default -> false;
        };
    }

    private boolean isNamedLiteral(String host) {
        String bare = host.startsWith("[") ? host : host.contains(":") ? "[" + host + "]" : host;
        return policy.contentOrigins().stream()
                .filter(OriginPattern::isIpLiteral)
                .map(origin -> origin.text().substring(origin.text().indexOf("://") + 3))
                .anyMatch(authority -> authority.equals(bare) || authority.startsWith(bare + ":"));
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
