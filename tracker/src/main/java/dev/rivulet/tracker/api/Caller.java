package dev.rivulet.tracker.api;

import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param name as the audit log says it; empty for {@link Role#ANYONE}
 * @param csrf what a request that changes something has to repeat in {@link Gate#CSRF_HEADER}; null where the credential
 *     is none that a browser sends by itself
 */
public record Caller(String name, Role role, @Nullable String csrf) {
    /** Whoever showed no credential. */
    public static final Caller NOBODY = new Caller("", Role.ANYONE, null);
}
