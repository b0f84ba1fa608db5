package dev.rivulet.protocol.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** HTTP dates (RFC 9110 §5.6.7) in the one form that may still be sent; another is as good as none. */
final class HttpDates {
    private HttpDates() {}

    static OptionalLong seconds(@Nullable String date) {
        if (date == null) {
            return OptionalLong.empty();
        }
        try {
            Instant instant = OffsetDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return OptionalLong.of(instant.getEpochSecond());
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }
}
