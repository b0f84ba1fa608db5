package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.rivulet.tracker.api.Api;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document that a tracker serves, by the specification's own schema. */
final class OpenApiIT {
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    @TempDir
    static Path data;

    private static JsonNode document;

    @BeforeAll
    static void read() throws Exception {
        try (TestTracker tracker = TestTracker.start(data, Map.of())) {
            document = new JsonMapper().readTree(tracker.get(Api.DOCUMENT).body());
        }
    }

    /** The schema is the OpenAPI Initiative's for 3.1, as published at its {@code $id} (Apache License 2.0). */
    @Test
    void theDocumentIsOpenApi() throws Exception {
        try (InputStream in = OpenApiIT.class.getResourceAsStream("api/openapi-3.1-schema.json")) {
            JsonSchema schema = SCHEMAS.getSchema(in);
            assertThat(schema.validate(new JsonMapper().readTree("{\"openapi\": \"3.1.0\", \"info\": {}}")))
                    .as("the schema notices what is wrong")
                    .isNotEmpty();

            assertThat(schema.validate(document))
                    .extracting(ValidationMessage::getMessage)
                    .isEmpty();
        }
    }

    @Test
    void itsSchemasAreJsonSchemas() {
        JsonSchema meta = SCHEMAS.getSchema(SchemaLocation.of(SchemaId.V202012));
        assertThat(meta.validate("{\"type\": \"text\"}", InputFormat.JSON))
                .as("the schema notices what is wrong")
                .isNotEmpty();
        List<JsonNode> all = document.findValues("schema");
        document.at("/components/schemas").forEach(all::add);

        assertThat(all).hasSizeGreaterThan(50);
        for (JsonNode each : all) {
            assertThat(meta.validate(each)).as(each.toString()).isEmpty();
        }
    }

    @Test
    void itRefersToNothingThatIsNotThereAndNamesEveryOperationOnce() {
        for (JsonNode reference : document.findValues("$ref")) {
            assertThat(document.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
        List<String> ids = document.findValuesAsText("operationId");
        Set<String> names = new TreeSet<>(ids);
        assertThat(ids).hasSameSizeAs(names);
    }

    @Test
    void whatHasToBeSaidWithARequestIsRequired() {
        JsonNode lift = document.at("/paths/~1sites~1{site}~1blocks~1{id}/delete/parameters");
        assertThat(lift).hasSize(4);
        lift.forEach(parameter -> assertThat(parameter.path("required").asBoolean())
                .as(parameter.path("name").asText())
                .isEqualTo(!parameter.path("name").asText().equals("reference")));
        JsonNode revoke = document.at("/paths/~1edges~1{fingerprint}~1revoke/post/requestBody");
        assertThat(revoke.path("required").asBoolean()).isTrue();
    }

    @Test
    void everyParameterOfAPathIsDeclared() {
        document.path("paths").properties().forEach(path -> path.getValue().forEach(operation -> {
            Set<String> declared = new TreeSet<>();
            operation.path("parameters").forEach(parameter -> {
                if (parameter.path("in").asText().equals("path")) {
                    declared.add("{" + parameter.path("name").asText() + "}");
                }
            });
            Set<String> used = new TreeSet<>(List.of(path.getKey().split("/", -1)));
            used.removeIf(part -> !part.startsWith("{"));
            assertThat(declared).as(path.getKey()).isEqualTo(used);
        }));
    }
}
