package dev.rivulet.tracker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ShapeTest {
    enum Kind {
        @JsonProperty("soft")
        SOFT,
        @JsonProperty("hard")
        HARD
    }

    record Part(int number) {
        Part {
            Check.range("number", number, 1, 9);
        }
    }

    record Body(
            @Help("Who.") String name,
            Kind kind,
            boolean flag,
            double ratio,
            @Nullable Long until,
            Optional<String> note,
            List<Part> parts,
            Map<String, String> words) {}

    private static final String GOOD = "{\"name\":\"a\",\"kind\":\"soft\",\"flag\":true,\"ratio\":0.5,"
            + "\"parts\":[{\"number\":3}],\"words\":{\"x\":\"y\"}}";

    @Test
    void whatMayBeLeftOutMay() throws Exception {
        Body body = read(GOOD);

        assertThat(body)
                .isEqualTo(new Body(
                        "a", Kind.SOFT, true, 0.5, null, Optional.empty(), List.of(new Part(3)), Map.of("x", "y")));
        assertThat(read(GOOD.replace("\"kind\"", "\"until\":7,\"note\":null,\"kind\""))
                        .until())
                .isEqualTo(7);
    }

    @Test
    void everyMistakeIsNamedWithItsKeyAndRemedy() {
        assertThat(complaints(GOOD.replace("\"name\"", "\"nam\"")))
                .extracting(Complaint::key)
                .containsExactlyInAnyOrder("nam", "name");
        assertThat(complaints(GOOD.replace("soft", "loud")))
                .containsExactly(new Complaint("kind", "write one of soft, hard"));
        assertThat(complaints(GOOD.replace("true", "\"true\"")))
                .containsExactly(new Complaint("flag", "write true or false"));
        assertThat(complaints(GOOD.replace("\"number\":3", "\"number\":3.5")))
                .containsExactly(new Complaint("parts[0].number", "write a whole number"));
        assertThat(complaints(GOOD.replace("\"y\"", "1"))).containsExactly(new Complaint("words.x", "write text"));
        assertThat(complaints(GOOD.replace("\"a\"", "null"))).containsExactly(new Complaint("name", "write text"));
        assertThat(complaints("[]")).hasSize(1);
    }

    @Test
    void whatARecordRefusesIsNamedWithItsPlace() {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(GOOD.replace(":3", ":30")));

        assertThat(refusal.status()).isEqualTo(422);
        assertThat(refusal).hasMessageStartingWith("parts[0].number: ");
    }

    @Test
    void whatIsNoJsonIsRefused() {
        for (String text : List.of("", "{", "{}x", GOOD + "{}", "{\"name\":1,\"name\":2}", "[".repeat(5000))) {
            Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(text));
            assertThat(refusal).as(text).isNotNull();
            assertThat(refusal.status()).isIn(400, 422);
        }
    }

    @Test
    void schemasSayTheSame() {
        ObjectNode named = Json.object();

        Shape.of(Body.class).schema((type, schema) -> named.set(OpenApi.nameOf(type), schema));

        assertThat(named.at("/ShapeTestBody/required").toString())
                .isEqualTo("[\"name\",\"kind\",\"flag\",\"ratio\",\"parts\",\"words\"]");
        assertThat(named.at("/ShapeTestBody/properties/kind/enum").toString()).isEqualTo("[\"soft\",\"hard\"]");
        assertThat(named.at("/ShapeTestBody/properties/name/description").asText())
                .isEqualTo("Who.");
        assertThat(named.at("/ShapeTestBody/properties/parts/items/$ref").asText())
                .isEqualTo("#/components/schemas/ShapeTestPart");
        assertThat(named.at("/ShapeTestBody/additionalProperties").asBoolean(true))
                .isFalse();
    }

    @Test
    void typesWithoutAFormAreRefusedAtOnce() {
        assertThatThrownBy(() -> Shape.of(StringBuilder.class)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Body read(String text) throws Refusal {
        return Bodies.read(text.getBytes(StandardCharsets.UTF_8), Shape.of(Body.class), Body.class);
    }

    private static List<Complaint> complaints(String text) {
        return Shape.of(Body.class).complaints(Bodies.tree(parse(text)));
    }

    private static Object parse(String text) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper().readTree(text);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
