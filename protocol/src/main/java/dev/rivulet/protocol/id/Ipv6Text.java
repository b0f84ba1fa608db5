package dev.rivulet.protocol.id;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** IPv6 addresses as the WHATWG URL Standard serialises them: RFC 5952, but never with a dotted IPv4 tail. */
final class Ipv6Text {
    private static final int GROUPS = 8;
    private static final int MAX_GROUP_DIGITS = 4;

    private Ipv6Text() {}

    static boolean isCanonical(String text) {
        int[] groups = parse(text);
        return groups != null && serialize(groups).equals(text);
    }

    /** Null when it is not an address of hexadecimal groups. */
    private static int @Nullable [] parse(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            int[] groups = groups(text);
            return groups != null && groups.length == GROUPS ? groups : null;
        }
        int[] head = groups(text.substring(0, gap));
        int[] tail = groups(text.substring(gap + 2));
        if (head == null || tail == null || head.length + tail.length >= GROUPS) {
            return null;
        }
        int[] groups = Arrays.copyOf(head, GROUPS);
        System.arraycopy(tail, 0, groups, GROUPS - tail.length, tail.length);
        return groups;
    }

    private static int @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        String[] parts = text.split(":", -1);
        boolean valid = Arrays.stream(parts)
                .allMatch(part -> part.length() >= 1
                        && part.length() <= MAX_GROUP_DIGITS
                        && part.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x7F));
        return valid
                ? Arrays.stream(parts)
                        .mapToInt(part -> Integer.parseInt(part, 16))
                        .toArray()
                : null;
    }

    private static String serialize(int[] groups) {
        int start = 0;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = i;
            while (zeros < GROUPS && groups[zeros] == 0) {
                zeros++;
            }
            if (zeros - i > length) {
                start = i;
                length = zeros - i;
            }
        }
        // RFC 5952 §4.2.2: one zero group alone is not shortened.
        return length < 2
                ? join(groups, 0, GROUPS)
                : join(groups, 0, start) + "::" + join(groups, start + length, GROUPS);
    }

    private static String join(int[] groups, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Integer.toHexString(groups[i]))
                .collect(Collectors.joining(":"));
    }
}
