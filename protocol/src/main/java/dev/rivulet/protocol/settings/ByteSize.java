package dev.rivulet.protocol.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory or disk, written as a whole number and a unit: {@code 64 KiB}, {@code 10GiB}, {@code 500 B}.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int BITS_PER_UNIT = 10;
    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,15})\\s*(B|KiB|MiB|GiB|TiB)", Pattern.CASE_INSENSITIVE);
    static final String REMEDY = "write a whole number and one of B, KiB, MiB, GiB, TiB, such as 10 GiB or 0 B";

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException(REMEDY);
        }
    }

    /** Reads the written form; throws {@link IllegalArgumentException} with the remedy when it is another. */
    @JsonCreator
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(REMEDY);
        }
        long amount = Long.parseLong(matcher.group(1));
        for (String unit : UNITS) {
            if (unit.toLowerCase(Locale.ROOT).equals(matcher.group(2).toLowerCase(Locale.ROOT))) {
                break;
            }
            if (amount > Long.MAX_VALUE >> BITS_PER_UNIT) {
                throw new IllegalArgumentException(REMEDY);
            }
            amount <<= BITS_PER_UNIT;
        }
        return new ByteSize(amount);
    }

    /** The same amount in the greatest unit that divides it. */
    @JsonValue
    @Override
    public String toString() {
        long amount = bytes;
        int unit = 0;
        while (amount != 0 && unit < UNITS.length - 1 && amount % (1L << BITS_PER_UNIT) == 0) {
            amount >>= BITS_PER_UNIT;
            unit++;
        }
        return amount + " " + UNITS[unit];
    }
}
