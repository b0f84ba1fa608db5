package dev.rivulet.tracker.event;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what happens on the log. */
public final class EventLog implements Events {
    private static final Logger log = LoggerFactory.getLogger(EventLog.class);

    @Override
    public void happened(Event event) {
        String site = event.site() == null ? "" : event.site() + ": ";
        switch (event.level()) {
            case INFO -> log.info("{}{}", site, event.text());
            case WARNING -> log.warn("{}{}", site, event.text());
            case ERROR -> log.error("{}{}", site, event.text());
        }
    }
}
