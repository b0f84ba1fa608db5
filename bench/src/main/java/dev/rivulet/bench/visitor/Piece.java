package dev.rivulet.bench.visitor;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of one of the site's files.
 *
 * @param bytes what it should be
 */
record Piece(ContentId content, ResourceUrl url, int index, ByteBuffer bytes) {
    /** All pieces of the files of a folder, whose resources lie at {@code base}. */
    static List<Piece> of(String base, Path folder) throws Exception {
        List<Piece> pieces = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                pieces.addAll(of(ResourceUrl.parse(base + file.getFileName()), file));
            }
        }
        return pieces;
    }

    private static List<Piece> of(ResourceUrl url, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        LayoutBuilder builder = new LayoutBuilder(bytes.remaining());
        builder.update(bytes.duplicate());
        Layout layout = builder.finish();
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < layout.pieceCount(); i++) {
            ByteBuffer piece = bytes.slice((int) layout.offset(i), layout.length(i));
            pieces.add(new Piece(layout.contentId(), url, i, piece));
        }
        return pieces;
    }

    /** Whether these are its bytes from {@code offset} on. */
    boolean has(long offset, ByteBuffer part) {
        int length = part.remaining();
        return offset + length <= bytes.remaining()
                && bytes.slice((int) offset, length).equals(part);
    }
}
