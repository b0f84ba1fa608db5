package dev.rivulet.edge.figures;

import java.util.Locale;

/** Amounts as people read them. */
final class Amount {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final double STEP = 1024;
    private static final double ONE_DECIMAL_BELOW = 99.95;

    private Amount() {}

    /** Such as {@code 1.5 MiB}. */
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= STEP && unit < UNITS.length - 1) {
            amount /= STEP;
            unit++;
        }
        String number = unit == 0 || amount >= ONE_DECIMAL_BELOW ? "%.0f" : "%.1f";
        return String.format(Locale.ROOT, number + " %s", amount, UNITS[unit]);
    }

    static String rate(long bytesPerSecond) {
        return bytes(bytesPerSecond) + "/s";
    }

    /** A limit, of which 0 is none. */
    static String limit(long bytes) {
        return bytes == 0 ? "no limit" : bytes(bytes);
    }

    /** Such as {@code 12.3 %}. */
    static String share(double part) {
        return String.format(Locale.ROOT, "%.1f %%", part * 100);
    }
}
