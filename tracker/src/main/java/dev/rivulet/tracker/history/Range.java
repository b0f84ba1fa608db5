package dev.rivulet.tracker.history;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** How far back somebody looks. */
public enum Range {
    QUARTER("15m", Duration.ofMinutes(15), Step.MINUTE, Step.TEN_MINUTES, Step.TEN_MINUTES),
    HOUR("1h", Duration.ofHours(1), Step.MINUTE, Step.TEN_MINUTES, Step.TEN_MINUTES),
    SIX_HOURS("6h", Duration.ofHours(6), Step.MINUTE, Step.TEN_MINUTES, Step.TEN_MINUTES),
    DAY("24h", Duration.ofHours(24), Step.TEN_MINUTES, Step.TEN_MINUTES, Step.TEN_MINUTES),
    WEEK("7d", Duration.ofDays(7), Step.TEN_MINUTES, Step.HOUR, Step.DAY),
    MONTH("30d", Duration.ofDays(30), Step.HOUR, Step.DAY, Step.DAY),
    QUARTER_YEAR("90d", Duration.ofDays(90), Step.HOUR, Step.DAY, Step.DAY);

    private final String text;
    private final Duration length;
    private final Step ofSites;
    private final Step ofEdges;
    private final Step ofContents;

    Range(String text, Duration length, Step ofSites, Step ofEdges, Step ofContents) {
        this.text = text;
        this.length = length;
        this.ofSites = ofSites;
        this.ofEdges = ofEdges;
        this.ofContents = ofContents;
    }

    /** As in {@code ?range=24h}; empty for another. */
    public static Optional<Range> of(String text) {
        return Arrays.stream(values()).filter(range -> range.text.equals(text)).findFirst();
    }

    public String text() {
        return text;
    }

    public Step ofSites() {
        return ofSites;
    }

    public Step ofEdges() {
        return ofEdges;
    }

    public Step ofContents() {
        return ofContents;
    }

    /** The first span of {@code step} that counts, now being {@code nowSeconds}; the present one is the last. */
    public long from(Step step, long nowSeconds) {
        return step.startOf(nowSeconds) - (points(step) - 1L) * step.seconds();
    }

    /** How many spans of {@code step} it has. */
    public int points(Step step) {
        return (int) ((length.toSeconds() + step.seconds() - 1) / step.seconds());
    }
}
