package dev.rivulet.edge.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.id.ContentId;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Layouts that were decoded lately, each proved by its content's id. Any thread may call any method. */
final class LayoutMemory {
    /** What is kept, in bytes of the encoded form: {@value}. */
    static final int MAX_BYTES = 16 << 20;

    private final Cache<ContentId, Layout> layouts = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .<ContentId, Layout>weigher((content, layout) -> layout.encode().length)
            .executor(Runnable::run)
            .build();

    @Nullable
    Layout get(ContentId content) {
        return layouts.getIfPresent(content);
    }

    void put(Layout layout) {
        layouts.put(layout.contentId(), layout);
    }

    void forget(ContentId content) {
        layouts.invalidate(content);
    }

    /** The layout that these bytes encode, all of them; empty when they are not that of the content. */
    static Optional<Layout> decode(ContentId content, ByteBuffer bytes) {
        byte[] encoded = new byte[bytes.remaining()];
        bytes.get(encoded);
        try {
            return Optional.of(Layout.decode(encoded))
                    .filter(layout -> layout.contentId().equals(content));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** The layout of a content whose only piece this is. */
    static Layout ofSole(ByteBuffer piece) {
        LayoutBuilder builder = new LayoutBuilder(piece.remaining());
        builder.update(piece.duplicate());
        return builder.finish();
    }
}
