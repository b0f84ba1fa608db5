package dev.rivulet.protocol.message;

import static dev.rivulet.protocol.message.ClientCodec.typed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;

/** JSON of hints, and of the wish for them (docs/protocol.md, section 5.8). */
final class HintCodec {
    private HintCodec() {}

    static HintWishes wishes(JsonFields fields) throws DecodeException {
        return fields.make(() -> new HintWishes(
                fields.values("pins", Limits.MAX_HINT_PATTERNS, UrlPattern::parse),
                fields.values("only", Limits.MAX_HINT_PATTERNS, UrlPattern::parse)));
    }

    static Hints hints(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Hints(fields.objects("hints", Limits.MAX_HINTS, HintCodec::hint)));
    }

    private static Hints.Hint hint(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Hints.Hint(
                fields.value("url", ResourceUrl::parse),
                fields.value("content", ContentId::parse),
                fields.number("size"),
                fields.number("demand"),
                fields.number("holders")));
    }

    static ObjectNode encode(HintWishes wishes) {
        ObjectNode node = Json.object();
        node.set("pins", Json.texts(wishes.pins(), UrlPattern::text));
        return node.set("only", Json.texts(wishes.only(), UrlPattern::text));
    }

    static ObjectNode encode(Hints hints) {
        return typed("hints").set("hints", Json.nodes(hints.hints(), HintCodec::encode));
    }

    private static ObjectNode encode(Hints.Hint hint) {
        return Json.object()
                .put("url", hint.url().text())
                .put("content", hint.content().text())
                .put("size", hint.size())
                .put("demand", hint.demand())
                .put("holders", hint.holders());
    }
}
