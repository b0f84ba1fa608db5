package dev.rivulet.protocol.properties;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.fixtures.Schemas;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.TrackerMessage;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class MessagePropertyTest {
    /** Reads text that may be anything. */
    @FunctionalInterface
    private interface Decoder {
        void decode(String text) throws DecodeException;
    }

    @Property(tries = 300)
    void clientMessagesSurviveTheWireAndFitTheirSchema(@ForAll("clientMessages") ClientMessage message)
            throws DecodeException {
        String text = Messages.encode(message);

        assertThat(Messages.decodeClient(text)).isEqualTo(message);
        assertThat(Schemas.complaints("client-message", text)).isEmpty();
    }

    @Property(tries = 300)
    void trackerMessagesSurviveTheWireAndFitTheirSchema(@ForAll("trackerMessages") TrackerMessage message)
            throws DecodeException {
        String text = Messages.encode(message);

        assertThat(Messages.decodeTracker(text)).isEqualTo(message);
        assertThat(Schemas.complaints("tracker-message", text)).isEmpty();
    }

    @Property(tries = 300)
    void controlMessagesSurviveTheWireAndFitTheirSchema(@ForAll("controlMessages") ControlMessage message)
            throws DecodeException {
        String text = Messages.encode(message);

        assertThat(Messages.decodeControl(text)).isEqualTo(message);
        assertThat(Schemas.complaints("control-message", text)).isEmpty();
    }

    @Property(tries = 100)
    void catalogBodiesSurviveTheWireAndFitTheirSchema(@ForAll("catalogBodies") CatalogBody body)
            throws DecodeException {
        assertThat(CatalogBody.parse(body.text().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(body);
        assertThat(Schemas.complaints("catalog-body", body.text())).isEmpty();
    }

    @Property
    void whateverTextComesOnlyDecodeErrorsGo(@ForAll String text) {
        onlyDecodeErrors(text);
    }

    @Property
    void whateverIsDoneToAMessageOnlyDecodeErrorsGo(
            @ForAll("encoded") String text, @ForAll int where, @ForAll("tokens") String token) {
        int from = Math.floorMod(where, text.length());
        int to = Math.min(text.length(), from + Math.floorMod(where >> 16, 3));

        onlyDecodeErrors(text.substring(0, from) + token + text.substring(to));
        onlyDecodeErrors(text.substring(0, from));
    }

    @Property
    void whateverIsInTheFieldsOnlyDecodeErrorsGo(@ForAll("types") String type, @ForAll("fields") String fields) {
        onlyDecodeErrors("{\"type\":\"" + type + "\"," + fields + "}");
    }

    private static void onlyDecodeErrors(String text) {
        onlyDecodeErrors(Messages::decodeClient, text);
        onlyDecodeErrors(Messages::decodeTracker, text);
        onlyDecodeErrors(Messages::decodeControl, text);
    }

    private static void onlyDecodeErrors(Decoder decoder, String text) {
        try {
            decoder.decode(text);
        } catch (DecodeException e) {
            assertThat(e.place()).isNotEmpty();
            assertThat(e.reason()).isNotEmpty();
        }
    }

    @Provide
    Arbitrary<ClientMessage> clientMessages() {
        return ClientMessages.any();
    }

    @Provide
    Arbitrary<TrackerMessage> trackerMessages() {
        return TrackerMessages.any();
    }

    @Provide
    Arbitrary<ControlMessage> controlMessages() {
        return ControlMessages.any();
    }

    @Provide
    Arbitrary<CatalogBody> catalogBodies() {
        return TrackerMessages.catalog();
    }

    @Provide
    Arbitrary<String> encoded() {
        return Arbitraries.oneOf(
                clientMessages().map(Messages::encode),
                trackerMessages().map(Messages::encode),
                controlMessages().map(Messages::encode));
    }

    @Provide
    Arbitrary<String> tokens() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "null",
                        "-1",
                        "1.5",
                        "1e9",
                        "99999999999999999999",
                        "\"\"",
                        "[]",
                        "{}",
                        "\"",
                        "\\",
                        "\\ud800",
                        ",",
                        ":",
                        "true",
                        "\0",
                        "\uD800",
                        "[[[[[[[[[[[[[[[[[["),
                Arbitraries.strings().ofMaxLength(4));
    }

    @Provide
    Arbitrary<String> types() {
        return Arbitraries.of(
                "hello",
                "announce",
                "lookup",
                "signal",
                "missing",
                "report",
                "welcome",
                "peers",
                "head",
                "batch",
                "policy",
                "error",
                "want",
                "have",
                "request",
                "cancel",
                "reject",
                "layout",
                "shard",
                "ping",
                "close");
    }

    @Provide
    Arbitrary<String> fields() {
        Arbitrary<String> name = Arbitraries.of(
                "id",
                "content",
                "contents",
                "have",
                "drop",
                "slots",
                "piece",
                "pieces",
                "add",
                "begin",
                "length",
                "offer",
                "candidate",
                "site",
                "role",
                "features",
                "peers",
                "catalog",
                "policy",
                "code",
                "urls",
                "bytes");
        Arbitrary<String> field = name.flatMap(key -> tokens().map(value -> "\"" + key + "\":" + value));
        return field.list().uniqueElements().ofMaxSize(6).map(list -> String.join(",", list));
    }
}
