package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /sites/{site}/catalog}, and the {@code catalog} of messages (docs/protocol.md, section 4.5).
 * Nothing in it is verified yet.
 *
 * @param rootKey the site's root key, as the tracker names it
 * @param delegations JWS texts
 * @param head a JWS text
 * @param index base64url of the index of the shards, when it has at most {@value Limits#MAX_INLINE_INDEX_BYTES} bytes
 * @param policy the site's; null inside messages, which carry it beside the catalog
 */
public record CatalogBody(
        PublicKey rootKey,
        List<String> delegations,
        String head,
        @Nullable String index,
        @Nullable SitePolicy policy) {

    public CatalogBody {
        delegations = Check.list("delegations", delegations, 1, Limits.MAX_DELEGATIONS);
        for (int i = 0; i < delegations.size(); i++) {
            Check.line("delegations[" + i + "]", delegations.get(i), 1, Limits.MAX_JWS_CHARS);
        }
        Check.line("head", head, 1, Limits.MAX_JWS_CHARS);
        if (index != null) {
            checkIndex(index);
        }
    }

    /** With the index inside when it is short enough. */
    public static CatalogBody of(
            PublicKey rootKey, List<String> delegations, String head, ShardIndex index, @Nullable SitePolicy policy) {
        byte[] bytes = index.encode();
        String inline = bytes.length <= Limits.MAX_INLINE_INDEX_BYTES ? Base64Url.encode(bytes) : null;
        return new CatalogBody(rootKey, delegations, head, inline, policy);
    }

    private static void checkIndex(String index) {
        try {
            int bytes = Base64Url.decode(index).length;
            Check.range("index", bytes, 1, Limits.MAX_INLINE_INDEX_BYTES);
        } catch (DecodeException e) {
            Check.that(false, "index", e.reason());
        }
    }

    /** The same for a message: the policy travels beside it. */
    public CatalogBody withoutPolicy() {
        return new CatalogBody(rootKey, delegations, head, index, null);
    }

    /** The bytes of the index, or null when it has to be fetched. */
    public byte @Nullable [] indexBytes() {
        try {
            return index == null ? null : Base64Url.decode(index);
        } catch (DecodeException e) {
            throw new IllegalStateException("checked when made", e);
        }
    }

    /** Reads the JSON text of the HTTP body. */
    public static CatalogBody parse(byte[] utf8) throws DecodeException {
        return decode(Json.parse("catalog", utf8));
    }

    /** Reads the JSON form. */
    public static CatalogBody decode(JsonFields fields) throws DecodeException {
        return fields.make(() -> new CatalogBody(
                fields.value("rootKey", PublicKey::parse),
                fields.values("delegations", Limits.MAX_DELEGATIONS, text -> text),
                fields.text("head"),
                fields.optionalText("index"),
                fields.optionalObject("policy", SitePolicy::decode)));
    }

    /** The JSON form. */
    public ObjectNode encode() {
        ObjectNode node = Json.object();
        node.put("rootKey", rootKey.text());
        node.set("delegations", Json.texts(delegations, text -> text));
        node.put("head", head);
        if (index != null) {
            node.put("index", index);
        }
        if (policy != null) {
            node.set("policy", policy.encode());
        }
        return node;
    }

    /** The JSON text of the HTTP body. */
    public String text() {
        return Json.write(encode());
    }
}
