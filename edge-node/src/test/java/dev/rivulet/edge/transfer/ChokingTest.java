package dev.rivulet.edge.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rivulet.edge.transfer.Choking.Taker;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The decisions of protocol/vectors/choking.json, which pages have to make as well, and what holds for all. */
final class ChokingTest {
    private static final Path VECTORS = Path.of("../protocol/vectors/choking.json");
    private static final int SLOTS = 4;

    private int run;

    @TestFactory
    Stream<DynamicTest> decidesAsTheVectorsSay() throws IOException {
        JsonNode cases = new ObjectMapper().readTree(VECTORS.toFile()).get("cases");
        return Stream.concat(
                stream(cases).map(vector -> dynamicTest(vector.get("name").textValue(), () -> run(vector))),
                Stream.of(dynamicTest(
                        "every case was run",
                        () -> assertThat(run).isEqualTo(cases.size()).isPositive())));
    }

    private void run(JsonNode vector) throws DecodeException {
        run++;
        Choking choking = new Choking(vector.get("slots").intValue());
        for (JsonNode step : vector.get("steps")) {
            List<Taker> all = new ArrayList<>();
            for (JsonNode one : step.get("neighbours")) {
                all.add(new Taker(
                        PeerId.parse(one.get("id").textValue()),
                        one.get("wants").booleanValue(),
                        one.get("waitingMs").longValue(),
                        one.get("down").longValue(),
                        one.get("up").longValue()));
            }

            Optional<List<PeerId>> given = choking.decide(
                    all, step.get("nowMs").longValue(), () -> step.get("random").doubleValue());

            JsonNode expected = step.get("given");
            assertThat(given.isEmpty()).isEqualTo(expected.isNull());
            given.ifPresent(open -> assertThat(open.stream().map(PeerId::text).sorted())
                    .containsExactlyElementsOf(
                            stream(expected).map(JsonNode::textValue).toList()));
        }
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @Test
    void aCrowdHasExactlyAsManySlotsAsThereAreAndOthersAreNotChoked() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Choking choking = new Choking(SLOTS);
            long now = 0;
            long crowded = Long.MIN_VALUE / 2;
            for (int step = 0; step < 40; step++) {
                now += random.nextInt(12_000);
                List<Taker> all = neighbours(random);
                if (all.stream()
                                .filter(taker -> taker.waitingMillis() > Choking.KEPT_WAITING_MILLIS)
                                .count()
                        > SLOTS) {
                    crowded = now;
                }
                List<PeerId> takers =
                        all.stream().filter(Taker::wants).map(Taker::id).toList();

                Optional<List<PeerId>> given = choking.decide(all, now, random::nextDouble);

                assertThat(given.isPresent())
                        .isEqualTo(now - crowded <= Choking.CROWDED_MILLIS && takers.size() > SLOTS);
                given.ifPresent(open -> {
                    assertThat(new HashSet<>(open)).hasSize(SLOTS);
                    assertThat(takers).containsAll(open);
                });
            }
        }
    }

    private static List<Taker> neighbours(Random random) {
        return IntStream.range(0, random.nextInt(12))
                .mapToObj(index -> new Taker(
                        peer(index),
                        random.nextInt(4) > 0,
                        Choking.KEPT_WAITING_MILLIS + random.nextInt(-1, 2),
                        random.nextInt(3),
                        random.nextInt(3)))
                .toList();
    }

    private static PeerId peer(long index) {
        return new PeerId(index << 40, 0);
    }
}
