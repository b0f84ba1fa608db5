package dev.rivulet.protocol.http;

import dev.rivulet.protocol.http.Shareability.Reason;
import dev.rivulet.protocol.http.Shareability.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules, in the order of {@link Reason}. */
final class ShareabilityRules {
    private static final int OK = 200;
    private static final Set<String> HARMLESS_VARIANCE = Set.of("accept-encoding", "origin");

    private ShareabilityRules() {}

    static Shareability judge(Response response, List<OriginPattern> webOrigins) {
        HeaderFields headers = response.headers();
        CacheControl control = CacheControl.parse(headers.combined("cache-control"));
        Reason reason = refusal(response, control, webOrigins);
        return reason != null || control == null
                ? new Shareability.Refused(reason == null ? Reason.CACHE_CONTROL : reason)
                : new Shareability.Shareable(freshSeconds(response, control));
    }

    private static @Nullable Reason refusal(
            Response response, @Nullable CacheControl control, List<OriginPattern> webOrigins) {
        HeaderFields headers = response.headers();
        if (response.status() != OK) {
            return Reason.STATUS;
        } else if (control == null) {
            return Reason.CACHE_CONTROL;
        } else if (control.has("private") || control.has("no-store")) {
            return Reason.FORBIDDEN;
        } else if (!isAllowed(control)) {
            return Reason.NOT_ALLOWED;
        } else if (headers.has("set-cookie")) {
            return Reason.SET_COOKIE;
        } else if (!members(headers, "vary").allMatch(HARMLESS_VARIANCE::contains)) {
            return Reason.VARY;
        } else if (!members(headers, "content-encoding").allMatch("identity"::equals)) {
            return Reason.ENCODING;
        }
        return isReadable(response, webOrigins) ? null : Reason.CORS;
    }

    private static boolean isAllowed(CacheControl control) {
        return control.has("public")
                || control.has("immutable")
                || control.seconds("s-maxage").orElse(0) > 0
                || control.seconds("max-age").orElse(0) > 0;
    }

    private static Stream<String> members(HeaderFields headers, String name) {
        String list = headers.combined(name);
        return list == null
                ? Stream.empty()
                : Arrays.stream(list.split(","))
                        .map(member -> member.strip().toLowerCase(Locale.ROOT))
                        .filter(member -> !member.isEmpty());
    }

    /** Same-origin to some page of the site, or admitted by its CORS header. */
    private static boolean isReadable(Response response, List<OriginPattern> webOrigins) {
        String admitted = response.headers().single("access-control-allow-origin");
        String own = response.url().origin();
        return webOrigins.stream()
                .anyMatch(pattern -> pattern.matches(own)
                        || "*".equals(admitted)
                        || (admitted != null && pattern.matches(admitted)));
    }

    /** RFC 9111 §4.2: freshness lifetime less current age, as of the moment it was received. */
    private static long freshSeconds(Response response, CacheControl control) {
        return control.has("no-cache") ? 0 : Math.max(0, lifetime(response, control) - age(response));
    }

    /** §4.2.1, for a shared cache; no heuristics. */
    private static long lifetime(Response response, CacheControl control) {
        HeaderFields headers = response.headers();
        OptionalLong named = control.has("s-maxage") ? control.seconds("s-maxage") : control.seconds("max-age");
        if (named.isPresent()) {
            return named.getAsLong();
        }
        OptionalLong expires = HttpDates.seconds(headers.single("expires"));
        OptionalLong date = HttpDates.seconds(headers.single("date"));
        return expires.isPresent() ? expires.getAsLong() - date.orElse(response.receivedAt()) : 0;
    }

    /** §4.2.3. */
    private static long age(Response response) {
        HeaderFields headers = response.headers();
        OptionalLong date = HttpDates.seconds(headers.single("date"));
        long apparent = Math.max(0, response.receivedAt() - date.orElse(response.receivedAt()));
        long corrected = ageValue(headers) + Math.max(0, response.receivedAt() - response.requestedAt());
        return Math.max(apparent, corrected);
    }

    private static long ageValue(HeaderFields headers) {
        if (!headers.has("age")) {
            return 0;
        }
        String value = headers.single("age");
        if (value == null || !value.matches("[0-9]{1,10}")) {
            // §5.1: what cannot be read had better count as old.
            return CacheControl.FOREVER_SECONDS;
        }
        return Long.parseLong(value);
    }
}
