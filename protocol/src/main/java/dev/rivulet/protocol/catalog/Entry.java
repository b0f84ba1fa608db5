package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The statement, once signed, that a URL has a content (docs/protocol.md, section 4.3).
 *
 * @param url hash of the canonical URL
 * @param content what its bytes are
 * @param size of the resource in bytes
 * @param layout present exactly when it has at most {@value Limits#MAX_INLINE_HASHES} hashes
 * @param headers lower-case names out of {@link #HEADER_NAMES}, sorted by name
 * @param validators the origin's
 * @param freshUntil seconds since 1970 until which it serves without asking the origin
 * @param ranges whether the origin serves byte ranges of the identity encoding
 */
public record Entry(
        UrlHash url,
        ContentId content,
        long size,
        @Nullable Layout layout,
        Map<String, String> headers,
        Validators validators,
        long freshUntil,
        boolean ranges) {

    /** The response headers that a reader may see. */
    public static final Set<String> HEADER_NAMES = Set.of(
            "content-type",
            "content-disposition",
            "content-language",
            "access-control-allow-origin",
            "access-control-expose-headers",
            "cross-origin-resource-policy",
            "x-content-type-options",
            "content-security-policy",
            "timing-allow-origin");

    public Entry {
        Check.range("size", size, 1, Limits.MAX_RESOURCE_BYTES);
        boolean inline = Layout.pieceCountOf(size) <= Limits.MAX_INLINE_HASHES;
        Check.that(inline == (layout != null), "layout", inline ? "missing" : "too long to be inline");
        if (layout != null) {
            Check.that(layout.contentId().equals(content), "layout", "is not the content's");
            Check.that(layout.size() == size, "layout", "has another size");
        }
        headers = checkedHeaders(headers);
        Check.count("freshUntil", freshUntil);
    }

    /** An entry of what {@code layout} describes; puts the layout inside when it is small enough. */
    public static Entry of(
            UrlHash url,
            Layout layout,
            Map<String, String> headers,
            Validators validators,
            long freshUntil,
            boolean ranges) {
        boolean inline = layout.pieceCount() <= Limits.MAX_INLINE_HASHES;
        return new Entry(
                url,
                layout.contentId(),
                layout.size(),
                inline ? layout : null,
                headers,
                validators,
                freshUntil,
                ranges);
    }

    /** A copy of {@code headers}, sorted; refuses names off the list, and values that are too long or not ASCII. */
    public static Map<String, String> checkedHeaders(Map<String, String> headers) {
        headers.forEach((name, value) -> {
            Check.that(HEADER_NAMES.contains(name), "headers." + name, "not on the list of headers");
            Check.that(HeaderFields.isVisibleAscii(value), "headers." + name, "too long, or not visible ASCII");
        });
        return Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /** Those headers of a response that a reader may see and an entry can carry. */
    public static Map<String, String> headersOf(HeaderFields response) {
        Map<String, String> headers = new TreeMap<>();
        for (String name : HEADER_NAMES) {
            String value = response.combined(name);
            if (value != null && HeaderFields.isVisibleAscii(value)) {
                headers.put(name, value);
            }
        }
        return headers;
    }

    /** The same, fresh until another time. */
    public Entry freshUntil(long seconds) {
        return new Entry(url, content, size, layout, headers, validators, seconds, ranges);
    }

    /** Reads the JSON form. */
    public static Entry decode(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Entry(
                fields.value("url", UrlHash::parse),
                fields.value("content", ContentId::parse),
                fields.number("size"),
                fields.optionalValue("layout", text -> Layout.decode(Base64Url.decode(text))),
                fields.textMap("headers"),
                new Validators(fields.optionalText("etag"), fields.optionalText("lastModified")),
                fields.number("freshUntil"),
                fields.flag("ranges")));
    }

    /** The JSON form. */
    public ObjectNode encode() {
        ObjectNode node = Json.object();
        node.put("url", url.text()).put("content", content.text()).put("size", size);
        if (layout != null) {
            node.put("layout", Base64Url.encode(layout.encode()));
        }
        ObjectNode headerNode = node.putObject("headers");
        headers.forEach(headerNode::put);
        if (validators.etag() != null) {
            node.put("etag", validators.etag());
        }
        if (validators.lastModified() != null) {
            node.put("lastModified", validators.lastModified());
        }
        return node.put("freshUntil", freshUntil).put("ranges", ranges);
    }

    /** Bytes of the JSON form; more than {@value Limits#MAX_ENTRY_BYTES} do not go into a catalog. */
    public int encodedBytes() {
        return Json.write(encode()).getBytes(StandardCharsets.UTF_8).length;
    }
}
