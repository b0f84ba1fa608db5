package dev.rivulet.tracker.api;

/**
 * What is wrong with one key of a body.
 *
 * @param key such as {@code origins[2]}; empty for the body as a whole
 * @param text what is wrong, and what to write instead
 */
public record Complaint(String key, String text) {}
