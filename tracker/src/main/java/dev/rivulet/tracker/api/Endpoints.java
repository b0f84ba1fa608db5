package dev.rivulet.tracker.api;

import java.util.List;

/** What one part of the tracker adds to the API. */
@FunctionalInterface
public interface Endpoints {
    /** All of them; asked once. */
    List<Endpoint> endpoints();
}
