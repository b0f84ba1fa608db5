package dev.rivulet.protocol.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Arguments of a command line among which are ids and secrets. In base64url (RFC 4648 section 5) one in 64 begins with a
 * hyphen, and would be taken for an option.
 */
public final class Arguments {
    /** Hashes, keys and secrets of 32 bytes, ids of 16; none of the options is as long as the former. */
    private static final Pattern ID = Pattern.compile("-[A-Za-z0-9_-]{42}|-[A-Za-z0-9_][A-Za-z0-9_-]{20}");

    /** Options whose value is one. */
    private static final Set<String> OPTIONS = Set.of("--token", "--key");

    private static final String END_OF_OPTIONS = "--";

    private Arguments() {}

    /**
     * Whether an option may be given what looks like another: otherwise that is refused, and whoever left a value out is
     * told so.
     */
    public static boolean haveHyphenatedIds(String... given) {
        return Arrays.stream(given).anyMatch(each -> ID.matcher(each).matches());
    }

    /** The same, but so written that none of them is taken for an option: {@code --token=…}, or behind {@code --}. */
    public static String[] withIds(String... given) {
        List<String> all = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        for (String each : given) {
            int last = all.size() - 1;
            if (all.contains(END_OF_OPTIONS) || !ID.matcher(each).matches()) {
                all.add(each);
            } else if (last >= 0 && OPTIONS.contains(all.get(last))) {
                all.set(last, all.get(last) + "=" + each);
            } else {
                behind.add(each);
            }
        }
        if (!behind.isEmpty() && !all.contains(END_OF_OPTIONS)) {
            all.add(END_OF_OPTIONS);
        }
        all.addAll(behind);
        return all.toArray(String[]::new);
    }
}
