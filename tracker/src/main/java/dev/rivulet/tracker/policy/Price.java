package dev.rivulet.tracker.policy;

import dev.rivulet.protocol.settings.ConfigException;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * What a gigabyte (10^9 bytes) of the origin's traffic costs the operator.
 *
 * @param perGb 0 to {@value #MAX_PER_GB}, with at most {@value #MAX_SCALE} digits after the point
 * @param currency three letters, as in ISO 4217
 */
public record Price(BigDecimal perGb, String currency) {
    static final int MAX_PER_GB = 1_000_000;
    static final int MAX_SCALE = 6;

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,7}(\\.[0-9]{1,6})?");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    public Price {
        if (perGb.signum() < 0 || perGb.scale() > MAX_SCALE || perGb.compareTo(BigDecimal.valueOf(MAX_PER_GB)) > 0) {
            throw wrongAmount(perGb.toPlainString());
        }
        if (!CURRENCY.matcher(currency).matches()) {
            throw new ConfigException("price.currency", currency, "write three capitals, such as EUR");
        }
    }

    /** Reads a decimal text, such as {@code 0.085}; throws {@link ConfigException} when it is none. */
    public static Price of(String perGb, String currency) {
        if (!DECIMAL.matcher(perGb).matches()) {
            throw wrongAmount(perGb);
        }
        return new Price(new BigDecimal(perGb), currency);
    }

    private static ConfigException wrongAmount(String text) {
        return new ConfigException(
                "price.perGb",
                text,
                "write a number up to " + MAX_PER_GB + " with at most " + MAX_SCALE
                        + " digits after the point, such as 0.085");
    }
}
