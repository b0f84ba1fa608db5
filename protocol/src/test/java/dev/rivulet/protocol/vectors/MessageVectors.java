package dev.rivulet.protocol.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.fixtures.Schemas;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.Unknown;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** Vectors of JSON messages and bodies. */
final class MessageVectors {
    static final Map<String, VectorsTest.Runner> RUNNERS = Map.of(
            "client-messages",
                    vector -> run(
                            vector,
                            "client-message",
                            text -> Messages.decodeClient(text) instanceof Unknown
                                    ? null
                                    : Messages.encode(Messages.decodeClient(text))),
            "tracker-messages", vector -> fromTracker(vector, "tracker-message"),
            "index-messages", vector -> fromTracker(vector, "index-message"),
            "hint-messages", vector -> fromTracker(vector, "hint-message"),
            "edge-messages",
                    vector -> run(vector, "tracker-message", text -> Messages.encode(Messages.decodeTracker(text))),
            "control-messages",
                    vector -> run(
                            vector,
                            "control-message",
                            text -> Messages.decodeControl(text) instanceof Unknown
                                    ? null
                                    : Messages.encode(Messages.decodeControl(text))),
            "catalog-body",
                    vector -> run(vector, "catalog-body", text -> CatalogBody.parse(utf8(text))
                            .text()),
            "publish-body",
                    vector -> run(vector, "publish-body", text -> PublishBody.parse(utf8(text))
                            .text()));

    /** Decodes, and encodes again; null for what is ignored. */
    @FunctionalInterface
    private interface RoundTrip {
        String of(String text) throws DecodeException;
    }

    /** Refused by the decoder, but nothing that a schema could say. */
    private static final Set<String> BEYOND_SCHEMAS = Set.of(
            "nested too deep",
            "arrays nested too deep",
            "a byte too long",
            "too long in bytes, not in characters",
            "hello agent: \"\\udc00\"",
            // To java.util.regex the end of a line is the end.
            "hello agent: \"a\\u0085\"",
            "signal of an unpaired surrogate",
            "request past the end of a large piece",
            "policy of a web origin https://a:443",
            "policy of a label before an address");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private MessageVectors() {}

    private static void fromTracker(VectorCase vector, String schema) throws Exception {
        run(vector, schema, text -> {
            var message = Messages.decodeTracker(text);
            return message instanceof Unknown ? null : Messages.encode(message);
        });
    }

    private static void run(VectorCase vector, String schema, RoundTrip roundTrip) throws Exception {
        String text =
                vector.has("text") ? vector.text("text") : vector.get("message").toString();
        vector.decide(() -> roundTrip.of(text), () -> assertRoundTrip(vector, schema, text, roundTrip));
        if (!vector.isValid()) {
            boolean accepted =
                    vector.has("message") && Schemas.complaints(schema, text).isEmpty();
            assertThat(accepted).as("the schema accepts it").isEqualTo(BEYOND_SCHEMAS.contains(vector.name()));
            assertThat(vector.place(() -> roundTrip.of(text))).isEqualTo(vector.error());
        }
    }

    private static void assertRoundTrip(VectorCase vector, String schema, String text, RoundTrip roundTrip)
            throws DecodeException, JsonProcessingException {
        String again = roundTrip.of(text);
        if (vector.has("ignored")) {
            assertThat(again).isNull();
            return;
        }
        JsonNode expected = vector.has("canonical") ? vector.get("canonical") : vector.get("message");
        assertThat(Schemas.complaints(schema, text)).isEmpty();
        assertThat(Schemas.complaints(schema, again)).isEmpty();
        assertThat(MAPPER.readTree(again)).isEqualTo(expected);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
