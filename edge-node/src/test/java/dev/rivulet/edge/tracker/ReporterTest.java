package dev.rivulet.edge.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ClientMessage.ByteCounts;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.protocol.message.ClientMessage.LinkCounts;
import dev.rivulet.protocol.message.ClientMessage.PieceCounts;
import dev.rivulet.protocol.message.ClientMessage.Rates;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.ClientMessage.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReporterTest {
    private static final EdgeState STATE =
            new EdgeState("Kiel", "DE", new Share(1, 2), new Share(3, 0), new Rates(4, 5));

    private final List<Report> sent = new ArrayList<>();
    private final Random random = new Random(1);
    private final List<LinkCounts> links = new ArrayList<>();
    private long uploaded;
    private boolean connected = true;

    private final Reporter reporter = new Reporter(
            new TrackerLink() {
                @Override
                public boolean send(ClientMessage message) {
                    return connected && sent.add((Report) message);
                }

                @Override
                public void listen(Listener listener) {}
            },
            () -> new Reporter.Totals(new ByteCounts(0, 0, 0, 0, uploaded), new PieceCounts(0, 0)),
            () -> new Reporter.Now(links, STATE));

    @AfterEach
    void close() {
        reporter.close();
    }

    @Test
    void tellsHowItIsAtOnceAndThenEverySoOftenThoughNothingMoved() {
        periods(1 + Reporter.COUNT_PERIODS);

        assertThat(sent).hasSize(2).allSatisfy(report -> assertThat(report.edge())
                .isEqualTo(STATE));
    }

    @Test
    void whatCouldNotBeSentIsInTheNextReport() {
        connected = false;
        uploaded = 10;
        periods(2);

        connected = true;
        uploaded = 15;
        periods(1);

        assertThat(sent).singleElement().satisfies(report -> assertThat(report.bytes())
                .isEqualTo(new ByteCounts(0, 0, 0, 0, 15)));
    }

    @Test
    void namesAsManyNeighboursAsAMessageMayHaveTheFirstFirst() {
        Stream.generate(() -> new LinkCounts(PeerId.random(random), 1, 2))
                .limit(100)
                .forEach(links::add);

        periods(1);

        assertThat(sent.get(0).observed().links()).isEqualTo(links.subList(0, Limits.MAX_REPORT_LINKS));
    }

    private void periods(int count) {
        for (int i = 0; i < count; i++) {
            reporter.period();
        }
    }
}
