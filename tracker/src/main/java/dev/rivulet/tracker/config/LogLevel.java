package dev.rivulet.tracker.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How severe a log line must be to be printed. */
public enum LogLevel {
    @JsonProperty("error")
    ERROR,
    @JsonProperty("warn")
    WARN,
    @JsonProperty("info")
    INFO,
    @JsonProperty("debug")
    DEBUG
}
