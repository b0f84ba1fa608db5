package dev.rivulet.protocol.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.TrackerCloseCode;
import java.util.Map;

/** Limits and close codes; that docs/protocol.md says the same is SpecificationTest's business. */
final class LimitVectors {
    static final Map<String, VectorsTest.Runner> RUNNERS = Map.of("limits", LimitVectors::limit);

    private LimitVectors() {}

    private static void limit(VectorCase vector) throws Exception {
        String constant = vector.text("constant");
        long value =
                switch (vector.text("kind")) {
                    case "limit" -> ((Number) Limits.class.getField(constant).get(null)).longValue();
                    case "tracker-close" -> TrackerCloseCode.valueOf(constant).code();
                    case "peer-close" -> PeerCloseCode.valueOf(constant).code();
                    default -> throw new AssertionError(vector.text("kind"));
                };
        assertThat(value).isEqualTo(vector.number("value"));
    }
}
