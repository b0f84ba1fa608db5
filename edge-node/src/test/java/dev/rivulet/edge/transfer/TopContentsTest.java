package dev.rivulet.edge.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TopContentsTest {
    private final TopContents top = new TopContents();

    private static ContentId content(int number) {
        return TestContent.of(number, 10).id();
    }

    @Test
    void theMostIsFirst() throws Exception {
        ResourceUrl url = ResourceUrl.parse("https://example.org/b");
        top.sent(content(1), 10);
        top.sent(content(2), 5);
        top.sent(content(2), 6);
        top.named(content(2), url);

        List<TopContents.Sent> sent = top.top(10);

        assertThat(sent).extracting(TopContents.Sent::content).containsExactly(content(2), content(1));
        assertThat(sent.get(0).bytes()).isEqualTo(11);
        assertThat(sent.get(0).url()).hasValue(url);
        assertThat(sent.get(1).url()).isEmpty();
        assertThat(top.top(1)).hasSize(1);
    }

    @Test
    void whatIsSentMostIsNeverMissingHoweverManyThereAre() {
        for (int round = 0; round < 3 * TopContents.COUNTED; round++) {
            top.sent(content(0), 10);
            top.sent(content(round + 1), 10);
        }

        assertThat(top.top(1).get(0).content()).isEqualTo(content(0));
        assertThat(top.top(Integer.MAX_VALUE)).hasSize(TopContents.COUNTED);
    }
}
