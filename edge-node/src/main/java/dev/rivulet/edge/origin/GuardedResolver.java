package dev.rivulet.edge.origin;

import dev.rivulet.protocol.http.AddressPolicy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names of origins to the addresses that may be connected to. The connection goes to exactly these addresses,
 * so a name that resolves differently the next moment gains nothing.
 *
 * <p>Public addresses always may. Private, loopback and link-local ones may when both parties whom it
 * could harm agreed: the volunteer, and the site, which either names the address itself as an origin or allows private
 * addresses in general. URLs are checked against the site's origins before they come here, so an address literal has
 * been named.
 */
final class GuardedResolver implements DnsResolver {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?");

    private final DnsResolver names;
    private final BooleanSupplier volunteerAllowsPrivate;
    private final BooleanSupplier siteAllowsPrivate;

    GuardedResolver(DnsResolver names, BooleanSupplier volunteerAllowsPrivate, BooleanSupplier siteAllowsPrivate) {
        this.names = names;
        this.volunteerAllowsPrivate = volunteerAllowsPrivate;
        this.siteAllowsPrivate = siteAllowsPrivate;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        boolean privateToo = volunteerAllowsPrivate.getAsBoolean()
                && (LITERAL.matcher(host).matches() || siteAllowsPrivate.getAsBoolean());
        InetAddress[] permitted = Arrays.stream(names.resolve(host))
                .filter(address -> AddressPolicy.isPublic(address) || (privateToo && isPrivate(address)))
                .toArray(InetAddress[]::new);
        if (permitted.length == 0) {
            throw new UnknownHostException(
                    host + " is at no public address; private ones have to be allowed by the site and by"
                            + " this edge (allow-private)");
        }
        return permitted;
    }

    private static boolean isPrivate(InetAddress address) {
        return switch (AddressPolicy.kindOf(address)) {
            case PRIVATE, LOOPBACK, LINK_LOCAL -> true;
            default -> false;
        };
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
