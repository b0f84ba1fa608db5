package dev.rivulet.tracker.http;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who asks, of what the operator's own proxies say: {@code Forwarded} (RFC 7239) or {@code X-Forwarded-For}
 * with {@code X-Forwarded-Proto}. Every proxy adds to the right whom it heard, so the chain is followed from the right for
 * as long as the operator vouches for who speaks. Pure.
 */
final class Forwarding {
    /** Addresses as they are written in full: the library takes shorthands, networks and zones as well. */
    private static final Pattern ADDRESS =
            Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private final List<IPAddress> proxies = new ArrayList<>();

    /** Believes {@code proxies}, which are addresses or networks. */
    Forwarding(List<String> proxies) {
        for (String proxy : proxies) {
            IPAddress network = new IPAddressString(proxy).getAddress();
            if (network == null) {
                throw new IllegalArgumentException(proxy + " is no address");
            }
            this.proxies.add(network.toPrefixBlock());
        }
    }

    /**
     * What a request's headers say, as lines in their order.
     *
     * @param forwarded {@code Forwarded}
     * @param addresses {@code X-Forwarded-For}
     * @param schemes {@code X-Forwarded-Proto}
     * @param others whether there is anything else that only proxies write
     */
    record Lines(List<String> forwarded, List<String> addresses, List<String> schemes, boolean others) {
        Lines(List<String> forwarded, List<String> addresses, List<String> schemes) {
            this(forwarded, addresses, schemes, false);
        }
    }

    /**
     * Who asks.
     *
     * @param scheme by which the client reached the first proxy that is believed; null where none said
     */
    record Seen(InetAddress address, @Nullable String scheme) {}

    /** What one proxy said: whom it heard, and how; null for what it did not say or what cannot be read. */
    private record Hop(
            @Nullable InetAddress address, @Nullable String scheme) {}

    /** Who asks over a connection from {@code connected}. */
    Seen of(InetAddress connected, Lines lines) {
        if (!isProxy(connected)) {
            return new Seen(connected, null);
        }
        if (lines.forwarded().isEmpty()) {
            return nearest(connected, separate(lines));
        }
        Seen standard = nearest(connected, forwarded(lines.forwarded()));
        if (lines.addresses().isEmpty()) {
            return standard;
        }
        Seen separate = nearest(connected, separate(lines));
        // A proxy adds to one of the two and passes the other on as the client wrote it; which, is not known here.
        // Where
        // both say the same it does not matter.
        return standard.address().equals(separate.address())
                ? new Seen(standard.address(), standard.scheme() == null ? separate.scheme() : standard.scheme())
                : new Seen(connected, Objects.equals(standard.scheme(), separate.scheme()) ? standard.scheme() : null);
    }

    /**
     * Whether {@link #of} tells the client's own address: not where somebody speaks for others for whom the operator does
     * not vouch, nor where a proxy does not say for whom.
     */
    boolean isDirect(InetAddress connected, Lines lines) {
        boolean speaksForOthers = !lines.forwarded().isEmpty()
                || !lines.addresses().isEmpty()
                || !lines.schemes().isEmpty()
                || lines.others();
        return isProxy(connected) ? !isProxy(of(connected, lines).address()) : !speaksForOthers;
    }

    /** Whether the operator vouches for this address. */
    boolean isProxy(InetAddress address) {
        IPAddress plain = new IPAddressString(address.getHostAddress()).getAddress();
        return plain != null && proxies.stream().anyMatch(network -> network.contains(plain));
    }

    /** Follows the chain from the right up to the first who is no proxy of ours, or who is not named. */
    private Seen nearest(InetAddress connected, List<Hop> chain) {
        InetAddress nearest = connected;
        String scheme = null;
        for (int i = chain.size() - 1; i >= 0; i--) {
            Hop hop = chain.get(i);
            scheme = hop.scheme();
            if (hop.address() == null) {
                break;
            }
            nearest = hop.address();
            if (!isProxy(nearest)) {
                break;
            }
        }
        return new Seen(nearest, scheme);
    }

    private static List<Hop> forwarded(List<String> lines) {
        List<Map<String, String>> elements =
                ForwardedHeader.parse(String.join(",", lines)).orElse(List.of());
        List<Hop> chain = new ArrayList<>();
        for (Map<String, String> element : elements) {
            if (!element.isEmpty()) {
                chain.add(new Hop(
                        address(element.get("for")).orElse(null),
                        scheme(element.get("proto")).orElse(null)));
            }
        }
        return chain;
    }

    /** Schemes belong to addresses from the right, as far as there are some; the leftmost holds for the rest. */
    private static List<Hop> separate(Lines lines) {
        List<String> addresses = values(lines.addresses());
        List<String> schemes = values(lines.schemes());
        List<Hop> chain = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            int index = Math.max(0, schemes.size() - (addresses.size() - i));
            String scheme = schemes.isEmpty() ? null : schemes.get(index);
            chain.add(new Hop(
                    address(addresses.get(i)).orElse(null), scheme(scheme).orElse(null)));
        }
        if (chain.isEmpty() && !schemes.isEmpty()) {
            chain.add(new Hop(null, scheme(schemes.get(schemes.size() - 1)).orElse(null)));
        }
        return chain;
    }

    private static List<String> values(List<String> lines) {
        return lines.isEmpty()
                ? List.of()
                : List.of(String.join(",", lines).split(",", -1)).stream()
                        .map(String::strip)
                        .toList();
    }

    private static Optional<String> scheme(@Nullable String text) {
        String lower = text == null ? "" : text.toLowerCase(Locale.ROOT);
        return lower.equals("http") || lower.equals("https") ? Optional.of(lower) : Optional.empty();
    }

    /** An address, perhaps with a port, IPv6 in brackets then; none for {@code unknown} and for names made up. */
    private static Optional<InetAddress> address(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        String host = text;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            host = end < 0 || !isPort(text.substring(end + 1)) ? "" : text.substring(1, end);
        } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            host = isPort(text.substring(text.indexOf(':'))) ? text.substring(0, text.indexOf(':')) : "";
        }
        IPAddress address = ADDRESS.matcher(host).matches() ? new IPAddressString(host).getAddress() : null;
        return address == null || address.isMultiple() ? Optional.empty() : Optional.of(address.toInetAddress());
    }

    /** RFC 7239 section 6: a port may be made up, too. */
    private static boolean isPort(String text) {
        return text.isEmpty() || text.matches(":(\\d{1,5}|_[\\w.-]+)");
    }
}
