package dev.rivulet.tracker.event;

/** Is told what happens. Any thread may call; nothing here blocks or throws. */
@FunctionalInterface
public interface Events {
    void happened(Event event);

    /** Listens to nothing. */
    static Events none() {
        return event -> {};
    }
}
