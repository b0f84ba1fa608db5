package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.ControlMessage.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SendBuffersTest {
    @Test
    void fewTakeWhatTheProtocolAllows() {
        assertThat(SendBuffers.each(0)).isEqualTo(Limits.MAX_SEND_BUFFER_BYTES);
        assertThat(SendBuffers.each(64)).isEqualTo(Limits.MAX_SEND_BUFFER_BYTES);
    }

    @Test
    void manyTakeNoMoreTogetherThanThereIsForAll() {
        for (int links = 1; links <= SendBuffers.ALL_BYTES / SendBuffers.LEAST_BYTES; links++) {
            assertThat(SendBuffers.each(links) * links).isLessThanOrEqualTo(SendBuffers.ALL_BYTES);
        }
    }

    @Test
    void anEdgeThatSendsToManyFillsTheBufferOfEachLess() {
        Stage stage = new Stage();
        TestContent content = stage.site.publish("/big", 1, 2 * Limits.SMALL_PIECE_BYTES);
        InMemoryLinks links = stage.links();
        int many = SendBuffers.ALL_BYTES / Limits.MAX_SEND_BUFFER_BYTES + 1;
        TestEdge edge = stage.edgeWithLinks(1, links, many);
        content.into(edge.store);
        List<RawPeer> pages = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            pages.add(stage.pageAt(edge, 2 + i));
        }

        links.holdBlocks(true);
        pages.forEach(page -> page.send(new Request(1, content.id(), 0, null, null)));
        stage.run();
        assertThat(links.mostBuffered()).isGreaterThan(SendBuffers.each(many));
        stage.advance(Neighbours.TICK);
        links.holdBlocks(false);
        stage.run();
        links.holdBlocks(true);
        pages.forEach(page -> page.send(new Request(2, content.id(), 1, null, null)));
        stage.run();

        assertThat(links.mostBuffered()).isPositive().isLessThanOrEqualTo(SendBuffers.each(many));
        links.holdBlocks(false);
        stage.run();
        assertThat(pages).allSatisfy(page -> assertThat(page.received(2)).isEqualTo(content.piece(1)));
    }

    @Test
    void aBufferThatHasDrainedHasRoomForAnotherBlock() {
        int least = SendBuffers.each(10_000);

        assertThat(least).isEqualTo(SendBuffers.LEAST_BYTES);
        assertThat(least / 2 + Block.MAX_FRAME_BYTES).isLessThan(least);
    }
}
