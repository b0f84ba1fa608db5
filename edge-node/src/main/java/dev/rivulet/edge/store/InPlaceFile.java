package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A short text whose file is there once and for all: replacing the text needs no room on the disk, as replacing an
 * {@link AtomicFile} does. Whenever the process or the machine dies, the former text or the new one is there. Not for
 * several threads.
 *
 * <pre>
 * directory/
 *   name        the text, its checksum (CRC-32), blanks up to {@value #BYTES} bytes: 2026-11 123456 ~1a2b3c4d
 *   name.next   the same; written first, so that one of both is always whole
 * </pre>
 *
 * <p>A text of another length without a checksum is somebody's, or a former version's, and believed.
 */
public final class InPlaceFile {
    /** Length of the file, within the smallest part of a disk that is written as a whole: {@value}. */
    static final int BYTES = 128;

    private static final int CRC_DIGITS = 8;

    /** The longest text: {@value} bytes. */
    public static final int MAX_TEXT_BYTES = BYTES - CRC_DIGITS - 3;

    private static final Pattern FORM = Pattern.compile("(.*) ~([0-9a-f]{8})\\s*", Pattern.DOTALL);
    private static final Logger log = LoggerFactory.getLogger(InPlaceFile.class);

    private final Disk disk;
    private final Path directory;
    private final Path file;
    private final Path next;
    private boolean isMade;

    public InPlaceFile(Path file) {
        this(new NioDisk(), file);
    }

    InPlaceFile(Disk disk, Path file) {
        this.disk = disk;
        this.file = file.toAbsolutePath();
        this.directory = Objects.requireNonNull(this.file.getParent(), "a directory is no file");
        this.next = directory.resolve(file.getFileName() + ".next");
    }

    /**
     * The text.
     *
     * @throws NoSuchFileException when nothing was ever written
     * @throws IOException also when the file is damaged, and so is what was written before it
     */
    public String read() throws IOException {
        String said = content(file);
        String text = text(said);
        if (text != null) {
            return text;
        }
        String before = text(contentOrNothing(next));
        if (before == null || before.isEmpty()) {
            throw new IOException("its checksum is of another text");
        }
        log.warn("{} is damaged: going on with what was written beside it", file);
        return before;
    }

    private String content(Path from) throws IOException {
        return StandardCharsets.US_ASCII.decode(disk.read(from, BYTES)).toString();
    }

    private String contentOrNothing(Path from) {
        try {
            return content(from);
        } catch (IOException e) {
            return "";
        }
    }

    /** What has the right checksum, or is not ours; null where it is wrong or cut to pieces. */
    private static @Nullable String text(String content) {
        Matcher matcher = FORM.matcher(content);
        if (!matcher.matches()) {
            return content.length() == BYTES ? null : content.strip();
        }
        return checksum(matcher.group(1)).equals(matcher.group(2)) ? matcher.group(1) : null;
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits(crc.getValue(), CRC_DIGITS);
    }

    /**
     * Replaces the text; when it returns, the new one survives a power failure.
     *
     * @param text in ASCII, without blanks at its ends
     */
    public void write(String text) throws IOException {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) ' ');
        byte[] said = (text + " ~" + checksum(text)).getBytes(StandardCharsets.US_ASCII);
        if (said.length >= BYTES) {
            throw new IllegalArgumentException(text.length() + " characters, more than " + MAX_TEXT_BYTES);
        }
        System.arraycopy(said, 0, bytes, 0, said.length);
        bytes[BYTES - 1] = '\n';
        if (!isMade) {
            make(bytes);
        }
        overwrite(next, bytes);
        overwrite(file, bytes);
    }

    /** Makes the file, or makes it of a former version's, as a whole; then the one beside it, while there is room. */
    private void make(byte[] bytes) throws IOException {
        if (contentOrNothing(file).length() != BYTES) {
            new AtomicFile(disk, file).write(bytes);
        }
        overwrite(next, bytes);
        disk.force(directory);
        isMade = true;
    }

    private void overwrite(Path path, byte[] bytes) throws IOException {
        try (Disk.File open = disk.open(path)) {
            open.write(ByteBuffer.wrap(bytes), 0);
            open.truncate(BYTES);
            open.force();
        }
    }
}
