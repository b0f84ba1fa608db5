package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.util.List;
import java.util.Map;

/**
 * What a publisher posts (docs/protocol.md, section 4.6).
 *
 * @param live whether it is of a running stream: visitors are told at once, in a batch
 */
public record PublishBody(List<Item> entries, List<ResourceUrl> removed, boolean live) {
    public PublishBody {
        entries = Check.list("entries", entries, 0, Limits.MAX_PUBLISH_ENTRIES);
        removed = Check.list("removed", removed, 0, Limits.MAX_PUBLISH_ENTRIES);
    }

    /** Of no running stream. */
    public PublishBody(List<Item> entries, List<ResourceUrl> removed) {
        this(entries, removed, false);
    }

    /**
     * One resource.
     *
     * @param layout always given, whole
     * @param headers as in an entry
     * @param maxAge seconds for which it is fresh from the moment it is accepted
     */
    public record Item(
            ResourceUrl url,
            Layout layout,
            Map<String, String> headers,
            Validators validators,
            long maxAge,
            boolean ranges) {
        public Item {
            headers = Entry.checkedHeaders(headers);
            Check.count("maxAge", maxAge);
        }

        /** The entry, once accepted at {@code nowSeconds}. */
        public Entry entry(long nowSeconds) {
            long freshUntil = Math.min(nowSeconds + maxAge, Limits.MAX_INTEGER);
            return Entry.of(url.hash(), layout, headers, validators, freshUntil, ranges);
        }

        static Item decode(JsonFields fields) throws DecodeException {
            return fields.make(() -> new Item(
                    fields.value("url", ResourceUrl::parse),
                    fields.value("layout", text -> Layout.decode(Base64Url.decode(text))),
                    fields.textMap("headers"),
                    new Validators(fields.optionalText("etag"), fields.optionalText("lastModified")),
                    fields.number("maxAge"),
                    fields.flag("ranges")));
        }

        ObjectNode encode() {
            ObjectNode node = Json.object().put("url", url.text()).put("layout", Base64Url.encode(layout.encode()));
            ObjectNode headerNode = node.putObject("headers");
            headers.forEach(headerNode::put);
            if (validators.etag() != null) {
                node.put("etag", validators.etag());
            }
            if (validators.lastModified() != null) {
                node.put("lastModified", validators.lastModified());
            }
            return node.put("maxAge", maxAge).put("ranges", ranges);
        }
    }

    /** Reads the body of a request; errors name entry and field, such as {@code publish.entries[3].layout}. */
    public static PublishBody parse(byte[] utf8) throws DecodeException {
        if (utf8.length > Limits.MAX_PUBLISH_BYTES) {
            throw new DecodeException("publish", "longer than " + Limits.MAX_PUBLISH_BYTES + " bytes");
        }
        JsonFields fields = Json.parse("publish", utf8);
        return fields.make(() -> new PublishBody(
                fields.objects("entries", Limits.MAX_PUBLISH_ENTRIES, Item::decode),
                fields.values("removed", Limits.MAX_PUBLISH_ENTRIES, ResourceUrl::parse),
                fields.mark("live")));
    }

    /** The JSON text. */
    public String text() {
        ObjectNode node = Json.object();
        node.set("entries", Json.nodes(entries, Item::encode));
        node.set("removed", Json.texts(removed, ResourceUrl::text));
        if (live) {
            node.put("live", true);
        }
        return Json.write(node);
    }
}
