package dev.rivulet.edge.indexing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files for what is being indexed: its pieces have no name before the last one is here. Thread-safe. */
final class Drafts {
    private static final Logger log = LoggerFactory.getLogger(Drafts.class);

    private final Path directory;

    private Drafts(Path directory) {
        this.directory = directory;
    }

    /** Uses a directory of its own, made when something is drafted, which it empties as far as the disk lets it. */
    static Drafts open(Path directory) {
        try (DirectoryStream<Path> before = Files.newDirectoryStream(directory)) {
            for (Path file : before) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException none) {
            // the first start
        } catch (IOException e) {
            log.warn("{} cannot be emptied: {}", directory, e.toString());
        }
        return new Drafts(directory);
    }

    Draft begin() throws IOException {
        Files.createDirectories(directory);
        return new Draft(Files.createTempFile(directory, "draft-", null));
    }

    /** One file, gone when it is closed. For one thread. */
    static final class Draft implements AutoCloseable {
        private final FileChannel file;

        private Draft(Path path) throws IOException {
            this.file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        }

        void append(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }

        ByteBuffer read(long offset, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining()) {
                if (file.read(bytes, offset + bytes.position()) < 0) {
                    throw new IOException("a draft ends too soon");
                }
            }
            return bytes.flip();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
