package dev.rivulet.tracker.publishing.command;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.PublishBody.Item;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is said of every file.
 *
 * @param maxAgeSeconds for how long it serves without asking the origin
 * @param cors the {@code Access-Control-Allow-Origin} of its entry; null for none
 * @param etag how the origin makes its tags
 * @param ranges whether the origin serves byte ranges
 */
record Statement(long maxAgeSeconds, @Nullable String cors, EtagStyle etag, boolean ranges) {
    /** IMF-fixdate (RFC 9110 §5.6.7). */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** The item that publishes a file. */
    Item about(LocalFile file, ResourceUrl url, Layout layout) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("content-type", ContentTypes.of(file.name()));
        if (cors != null) {
            headers.put("access-control-allow-origin", cors);
        }
        Validators validators = new Validators(etag.tag(file), httpDate(file.modified()));
        return new Item(url, layout, headers, validators, maxAgeSeconds, ranges);
    }

    /** The date in whole seconds, as web servers send it. */
    static String httpDate(Instant time) {
        return HTTP_DATE.format(time);
    }
}
