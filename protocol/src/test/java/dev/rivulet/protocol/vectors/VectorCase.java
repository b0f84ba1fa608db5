package dev.rivulet.protocol.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rivulet.protocol.DecodeException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** One case of a vector file. */
record VectorCase(JsonNode node) {
    /** Something that a case makes the product do. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    String name() {
        return text("name");
    }

    boolean isValid() {
        return node.path("valid").asBoolean();
    }

    String error() {
        return text("error");
    }

    boolean has(String field) {
        return node.has(field);
    }

    JsonNode get(String field) {
        return Template.expand(node.get(field));
    }

    String text(String field) {
        JsonNode value = get(field);
        assertThat(value.isTextual()).as("%s of %s", field, node).isTrue();
        return value.textValue();
    }

    @Nullable
    String textOrNull(String field) {
        return node.hasNonNull(field) ? text(field) : null;
    }

    long number(String field) {
        return node.get(field).longValue();
    }

    List<String> texts(String field) {
        return StreamSupport.stream(get(field).spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    byte[] bytes(String field) {
        return Template.bytes(node.get(field));
    }

    /** Asserts that the action is refused, by a decode error and nothing else; returns its place. */
    String place(Action action) {
        Throwable thrown = catchThrowable(action::run);
        assertThat(thrown).as(name()).isInstanceOf(DecodeException.class);
        return ((DecodeException) thrown).place();
    }

    /** Runs {@code check} for a valid case; asserts that {@code action} is refused for another. */
    void decide(Action action, Action check) throws Exception {
        if (isValid()) {
            check.run();
        } else {
            assertThat(error()).isNotEmpty();
            place(action);
        }
    }
}
