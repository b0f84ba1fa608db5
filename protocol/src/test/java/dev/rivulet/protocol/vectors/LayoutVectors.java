package dev.rivulet.protocol.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.frame.Block;
import java.nio.ByteBuffer;
import java.util.Map;

/** Vectors of binary formats. */
final class LayoutVectors {
    static final Map<String, VectorsTest.Runner> RUNNERS = Map.of(
            "layout", LayoutVectors::layout,
            "layout-content", LayoutVectors::content,
            "block", LayoutVectors::block);

    private LayoutVectors() {}

    private static void layout(VectorCase vector) throws Exception {
        byte[] bytes = vector.bytes("bytes");
        vector.decide(() -> Layout.decode(bytes), () -> {
            Layout layout = Layout.decode(bytes);
            int last = layout.pieceCount() - 1;
            assertThat(layout.encode()).isEqualTo(bytes);
            assertThat(layout.size()).isEqualTo(vector.number("size"));
            assertThat(layout.pieceLength()).isEqualTo((int) vector.number("pieceLength"));
            assertThat(layout.pieceCount()).isEqualTo((int) vector.number("pieceCount"));
            assertThat(layout.contentId().text()).isEqualTo(vector.text("contentId"));
            assertThat(layout.offset(last)).isEqualTo(vector.number("lastOffset"));
            assertThat(layout.length(last)).isEqualTo((int) vector.number("lastLength"));
        });
    }

    private static void content(VectorCase vector) {
        byte[] content = vector.bytes("content");
        LayoutBuilder builder = new LayoutBuilder(content.length);
        builder.update(ByteBuffer.wrap(content));
        Layout layout = builder.finish();
        assertThat(Base64Url.encode(layout.encode())).isEqualTo(vector.text("layout"));
        assertThat(layout.contentId().text()).isEqualTo(vector.text("contentId"));
        for (int piece = 0; piece < layout.pieceCount(); piece++) {
            int offset = Math.toIntExact(layout.offset(piece));
            byte[] bytes = content.clone();
            assertThat(layout.verify(piece, ByteBuffer.wrap(bytes, offset, layout.length(piece))))
                    .isTrue();
            bytes[offset] ^= 1;
            assertThat(layout.verify(piece, ByteBuffer.wrap(bytes, offset, layout.length(piece))))
                    .isFalse();
        }
    }

    private static void block(VectorCase vector) throws Exception {
        byte[] bytes = vector.bytes("bytes");
        vector.decide(() -> Block.decode(ByteBuffer.wrap(bytes)), () -> {
            Block block = Block.decode(ByteBuffer.wrap(bytes));
            assertThat(block.requestId()).isEqualTo(vector.number("requestId"));
            assertThat(block.offset()).isEqualTo(vector.number("offset"));
            assertThat(block.payload().remaining()).isEqualTo((int) vector.number("payloadLength"));
            assertThat(block.encode()).isEqualTo(ByteBuffer.wrap(bytes));
        });
    }
}
