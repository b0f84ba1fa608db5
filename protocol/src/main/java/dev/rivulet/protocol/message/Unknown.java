package dev.rivulet.protocol.message;

/** A message of a type that this version does not know, to be counted and ignored. */
public record Unknown(String type) implements ClientMessage, TrackerMessage, ControlMessage {}
