package dev.rivulet.tracker.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a caller may do, each role all that the ones before it may. */
public enum Role {
    /** Has shown no credential. An endpoint for it is open to everybody who can reach it. */
    @JsonProperty("anyone")
    ANYONE,
    /** Sees everything but secrets, changes nothing. */
    @JsonProperty("viewer")
    VIEWER,
    /** Runs the network: sites, edges, content, policy. */
    @JsonProperty("operator")
    OPERATOR,
    /** Decides who else may: accounts, API tokens. */
    @JsonProperty("owner")
    OWNER;

    /** Whether this role may do what takes {@code least}. */
    public boolean covers(Role least) {
        return compareTo(least) >= 0;
    }

    /** As it is written in JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
