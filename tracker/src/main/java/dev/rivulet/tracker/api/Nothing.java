package dev.rivulet.tracker.api;

/** The body of a request that takes none. */
public record Nothing() {}
