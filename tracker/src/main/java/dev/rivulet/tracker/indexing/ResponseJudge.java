package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.Shareability;
import dev.rivulet.protocol.http.Shareability.Reason;
import dev.rivulet.protocol.http.Shareability.Refused;
import dev.rivulet.protocol.http.Shareability.Response;
import dev.rivulet.protocol.http.Shareability.Shareable;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.tracker.catalog.CatalogEntry;
import java.util.List;

/** Reads off a response's status and header what to do with it; no I/O. */
final class ResponseJudge {
    /** A longer freshness counts as this one (a year), in seconds. */
    static final long MAX_AGE_SECONDS = 365L * 24 * 3600;

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private ResponseJudge() {}

    /** What to do. */
    sealed interface Judgement {
        /** Read the body: once whole it may be shared, fresh for that long. */
        record Read(long freshSeconds) implements Judgement {}

        /** Read the body: it may be shared only if it is what the site itself published. */
        record ReadToConfirm() implements Judgement {}

        /** No body is needed. */
        record Done(Outcome outcome) implements Judgement {}
    }

    /** Judges what an origin answered to {@code question}, for pages of {@code webOrigins}. */
    static Judgement judge(Question question, Response response, List<OriginPattern> webOrigins) {
        int status = response.status();
        if (status >= SERVER_ERROR || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT) {
            return new Judgement.Done(new Outcome.Failed("status " + status));
        }
        CatalogEntry before = question.before();
        if (before != null && saysUnchanged(question, response)) {
            return new Judgement.Done(unchanged(question, before, response, webOrigins));
        }
        Shareability shareability = Shareability.of(response, webOrigins);
        if (shareability instanceof Shareable shareable) {
            return new Judgement.Read(Math.min(shareable.freshSeconds(), MAX_AGE_SECONDS));
        }
        Reason reason = ((Refused) shareability).reason();
        return question.vouchedFor() != null && isAboutSharing(reason)
                ? new Judgement.ReadToConfirm()
                : new Judgement.Done(new Outcome.Refused(reason == Reason.STATUS ? "status " + status : reason.text()));
    }

    /** A 304, or a 200 with the validators that are known: not every origin does conditional requests. */
    private static boolean saysUnchanged(Question question, Response response) {
        Validators known = question.known();
        return !known.equals(Validators.NONE)
                && (response.status() == NOT_MODIFIED
                        || (response.status() == OK && known.matches(Validators.of(response.headers()))));
    }

    /** RFC 9111 §4.3.4: the header of a 304 replaces what was stored; one without Cache-Control leaves it as it was. */
    private static Outcome unchanged(
            Question question, CatalogEntry before, Response response, List<OriginPattern> webOrigins) {
        Outcome asBefore = new Outcome.Unchanged(before.maxAgeSeconds());
        if (question.vouchedFor() != null || !response.headers().has("cache-control")) {
            return asBefore;
        }
        Response whole =
                new Response(response.url(), OK, response.headers(), response.requestedAt(), response.receivedAt());
        Shareability shareability = Shareability.of(whole, webOrigins);
        if (shareability instanceof Shareable shareable) {
            return new Outcome.Unchanged(Math.min(shareable.freshSeconds(), MAX_AGE_SECONDS));
        }
        // Whom it admits was judged when it was fetched; a 304 need not say it again (RFC 9110 §15.4.5).
        Reason reason = ((Refused) shareability).reason();
        return reason == Reason.CORS ? asBefore : new Outcome.Refused(reason.text());
    }

    /** Whether the site's own word outweighs it. */
    private static boolean isAboutSharing(Reason reason) {
        return switch (reason) {
            case CACHE_CONTROL, FORBIDDEN, NOT_ALLOWED, SET_COOKIE, VARY, CORS -> true;
            case STATUS, ENCODING -> false;
        };
    }
}
