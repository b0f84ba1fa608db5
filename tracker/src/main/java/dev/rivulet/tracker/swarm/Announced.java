package dev.rivulet.tracker.swarm;

/**
 * What became of an announcement.
 *
 * @param refused held content ids beyond the peer's limit, which were not taken
 * @param newGroup whether the peer entered a group that it was not in
 */
public record Announced(int refused, boolean newGroup) {}
