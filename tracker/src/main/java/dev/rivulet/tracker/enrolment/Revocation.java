package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.Check;
import dev.rivulet.tracker.api.Help;

/** Why an edge is revoked: one line of 1 to {@value Ban#MAX_REASON_CHARS} characters. */
public record Revocation(@Help("For the record.") String reason) {
    public Revocation {
        Check.line("reason", reason, 1, Ban.MAX_REASON_CHARS);
    }
}
