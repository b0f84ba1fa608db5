package dev.rivulet.tracker.api;

import java.util.List;

/**
 * A key of the query, one value each.
 *
 * @param choices the values that are allowed; empty for any text
 * @param required whether it has to be given
 */
record Parameter(String name, String help, List<String> choices, boolean required) {
    static final Parameter LIMIT = new Parameter(
            "limit",
            "Most items of the answer: 1 to " + Call.MAX_ITEMS + ", " + Call.DEFAULT_ITEMS + " unless given.",
            List.of(),
            false);
    static final Parameter AFTER = new Parameter(
            "after",
            "Go on after the part of which this was `next`; from the beginning unless given.",
            List.of(),
            false);

    Parameter {
        choices = List.copyOf(choices);
    }
}
