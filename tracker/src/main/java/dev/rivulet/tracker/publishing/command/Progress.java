package dev.rivulet.tracker.publishing.command;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Shows how far hashing has come: a bar that is redrawn on a terminal, now and then a line elsewhere. */
final class Progress {
    private static final int BAR_WIDTH = 30;
    private static final int PERCENT = 100;
    /** How often a bar is redrawn, in milliseconds. */
    private static final long REDRAW_MS = 100;
    /** How often a line is written, in milliseconds. */
    private static final long LINE_MS = 5000;

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier clockMs;
    private final long totalBytes;
    private final int totalFiles;
    private long bytes;
    private int files;
    private long lastMs;
    private boolean drawn;

    /** Of hashing so many files of so many bytes together; {@code clockMs} tells milliseconds that pass. */
    Progress(PrintStream out, boolean terminal, LongSupplier clockMs, Totals totals) {
        this.out = out;
        this.terminal = terminal;
        this.clockMs = clockMs;
        this.totalBytes = totals.bytes();
        this.totalFiles = totals.files();
        this.lastMs = clockMs.getAsLong();
    }

    /** What there is to do. */
    record Totals(int files, long bytes) {}

    /** So many more bytes are hashed. */
    void hashed(long more) {
        bytes += more;
        if (clockMs.getAsLong() - lastMs >= (terminal ? REDRAW_MS : LINE_MS)) {
            show();
        }
    }

    /** Another file is hashed. */
    void fileDone() {
        files++;
    }

    /** Shows how far it came, and leaves the line to others. */
    void finish() {
        show();
        if (drawn) {
            out.println();
        }
    }

    private void show() {
        lastMs = clockMs.getAsLong();
        int percent = totalBytes == 0 ? PERCENT : (int) (bytes * PERCENT / totalBytes);
        String text = String.format(
                Locale.ROOT,
                "%3d %%  %d of %d files, %s of %s",
                percent,
                files,
                totalFiles,
                readable(bytes),
                readable(totalBytes));
        if (terminal) {
            int full = percent * BAR_WIDTH / PERCENT;
            // Redraws the line from its beginning, and clears what a longer one left behind.
            out.print("\r[" + "=".repeat(full) + " ".repeat(BAR_WIDTH - full) + "] " + text + "\u001b[K");
            out.flush();
            drawn = true;
        } else {
            out.println("hashed " + text.strip());
        }
    }

    /** Rounded to what a reader cares about. */
    static String readable(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB"};
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
    }
}
