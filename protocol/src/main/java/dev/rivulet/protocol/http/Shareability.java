package dev.rivulet.protocol.http;

import dev.rivulet.protocol.id.ResourceUrl;
import java.util.List;
import java.util.Locale;

/** Whether what an origin answered to an anonymous {@code GET} may be shared among visitors. */
public sealed interface Shareability {
    /** It may, and is fresh for that long after it was received; 0 when it has to be revalidated at once. */
    record Shareable(long freshSeconds) implements Shareability {}

    /** It may not. */
    record Refused(Reason reason) implements Shareability {}

    /** Why not. */
    enum Reason {
        /** Another status than 200. */
        STATUS,
        /** {@code Cache-Control} cannot be read. */
        CACHE_CONTROL,
        /** {@code private} or {@code no-store}. */
        FORBIDDEN,
        /** None of {@code public}, {@code immutable}, {@code s-maxage} or {@code max-age} above 0. */
        NOT_ALLOWED,
        /** It sets a cookie. */
        SET_COOKIE,
        /** It varies by more than {@code Accept-Encoding} and {@code Origin}. */
        VARY,
        /** Its bytes are not the identity encoding. */
        ENCODING,
        /** No page of the site may read it. */
        CORS;

        /** As logs and vectors name it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A response to judge.
     *
     * @param url what was asked for
     * @param requestedAt when the request was sent, in seconds since 1970
     * @param receivedAt when its header came, in seconds since 1970
     */
    record Response(ResourceUrl url, int status, HeaderFields headers, long requestedAt, long receivedAt) {}

    /** Judges a response for a site whose pages may have any of {@code webOrigins}. */
    static Shareability of(Response response, List<OriginPattern> webOrigins) {
        return ShareabilityRules.judge(response, webOrigins);
    }
}
