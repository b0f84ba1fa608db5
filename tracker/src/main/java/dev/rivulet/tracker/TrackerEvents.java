package dev.rivulet.tracker;

import dev.rivulet.tracker.enrolment.Enrolment;
import dev.rivulet.tracker.event.Events;
import dev.rivulet.tracker.figures.Figures;
import dev.rivulet.tracker.history.Event.Level;
import dev.rivulet.tracker.publishing.Catalogs;

/** Has what the tracker's parts notice written down. */
final class TrackerEvents {
    private TrackerEvents() {}

    /** Tells {@code others}, too. */
    static Events keptBy(Figures figures, Events others) {
        return event -> {
            others.happened(event);
            Level level =
                    switch (event.level()) {
                        case INFO -> Level.INFO;
                        case WARNING -> Level.WARN;
                        case ERROR -> Level.ERROR;
                    };
            figures.note(level, event.kind().text(), event.site(), event.text());
        };
    }

    static void tell(Figures figures, Enrolment enrolment, Catalogs catalogs) {
        enrolment.onEnrolled(edge -> figures.note(
                Level.INFO,
                "enrolment",
                edge.site(),
                "Edge " + edge.fingerprint().text() + " joined for the first time."));
        catalogs.onFailure((site, e) ->
                figures.note(Level.ERROR, "catalog-error", site, "The catalog could not be signed: " + e.getMessage()));
        figures.note(Level.INFO, "start", null, "The tracker started (" + TrackerMain.version() + ").");
    }
}
