package dev.rivulet.tracker.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often signing in may fail, for each name and for each address (of IPv6: /64). Every attempt is paid for before the
 * password is looked at; the right one gives the payment back. Time is a parameter. Thread-safe.
 */
final class SignInLimits {
    /** Failures of one name in a row. */
    static final int NAME_BURST = 5;
    /** After that one more each so many seconds. */
    static final int NAME_SECONDS = 30;
    /** Failures from one address in a row. */
    static final int ADDRESS_BURST = 20;
    /** After that one more each so many seconds. */
    static final int ADDRESS_SECONDS = 10;
    /** Names and addresses remembered; of more, those are forgotten that failed the longest ago. */
    static final int MAX_REMEMBERED = 20_000;

    private static final long MS = 1000;
    private static final int IPV6_NETWORK_BYTES = 8;

    /** By key: until when all its failures are paid off, in milliseconds. */
    private final Map<String, Long> debts = new LinkedHashMap<>();

    /** Pays for an attempt; returns after how many seconds it may be tried, 0 for now. */
    synchronized long pay(String name, InetAddress address, long nowMs) {
        long wait = Math.max(
                waitMs("n" + name, NAME_BURST, NAME_SECONDS * MS, nowMs),
                waitMs("a" + network(address), ADDRESS_BURST, ADDRESS_SECONDS * MS, nowMs));
        if (wait > 0) {
            return (wait + MS - 1) / MS;
        }
        add("n" + name, NAME_SECONDS * MS, nowMs);
        add("a" + network(address), ADDRESS_SECONDS * MS, nowMs);
        return 0;
    }

    /** It was the right password: the name owes nothing, the address not for this. */
    synchronized void succeeded(String name, InetAddress address, long nowMs) {
        debts.remove("n" + name);
        add("a" + network(address), -ADDRESS_SECONDS * MS, nowMs);
    }

    /** It was neither right nor wrong yet: what was paid for this is given back, and nothing else. */
    synchronized void refund(String name, InetAddress address, long nowMs) {
        add("n" + name, -NAME_SECONDS * MS, nowMs);
        add("a" + network(address), -ADDRESS_SECONDS * MS, nowMs);
    }

    private long waitMs(String key, int burst, long eachMs, long nowMs) {
        long owed = debts.getOrDefault(key, nowMs) - nowMs;
        return Math.max(0, owed - (burst - 1) * eachMs);
    }

    private void add(String key, long ms, long nowMs) {
        // Taken out first, so that the order is that of the last attempts.
        Long before = debts.remove(key);
        debts.put(key, Math.max(nowMs, (before == null ? nowMs : Math.max(before, nowMs)) + ms));
        if (debts.size() > MAX_REMEMBERED) {
            debts.remove(debts.keySet().iterator().next());
        }
    }

    private static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return Arrays.toString(address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
    }
}
