package dev.rivulet.tracker.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How log lines are written. */
public enum LogFormat {
    /** For people. */
    @JsonProperty("text")
    TEXT,
    /** An object on a line, for programs. */
    @JsonProperty("json")
    JSON
}
