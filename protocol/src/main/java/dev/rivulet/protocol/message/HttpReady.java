package dev.rivulet.protocol.message;

/** From an edge: the token of the last {@link HttpCheck} is served from now on. */
public record HttpReady() implements ClientMessage {}
