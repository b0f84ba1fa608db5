package dev.rivulet.edge.figures;

import java.util.List;

/** A report as text for a terminal. */
public final class StatusText {
    /** The least width of a line's name. */
    private static final int NAME_WIDTH = 20;

    private StatusText() {}

    /** Lines of text; ends with a line break. */
    public static String of(StatusReport report) {
        StringBuilder text = new StringBuilder("rivulet-edge ")
                .append(report.version())
                .append(": ")
                .append(StatusLines.headline(report))
                .append('\n');
        for (StatusLines.Section section : StatusLines.of(report)) {
            text.append('\n').append(section.title()).append('\n');
            append(text, section.lines());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<StatusLines.Line> lines) {
        int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
        for (StatusLines.Line line : lines) {
            text.append("  ")
                    .append(printable(line.name()))
                    .append(" ".repeat(Math.max(NAME_WIDTH, width) - line.name().length() + 2))
                    .append(printable(line.value()))
                    .append('\n');
        }
    }

    /** URLs, and what the tracker says, come from elsewhere: nothing in them may steer the terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }
}
