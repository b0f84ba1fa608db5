package dev.rivulet.edge.served;

import dev.rivulet.edge.store.AtomicFile;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.catalog.ServedDay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory with the files, and their names. */
final class LogDirectory {
    private static final String END = ".json";
    private static final String SIGNATURE_END = ".jws";
    private static final String ASIDE = ".aside";
    private static final int MAX_SIGNATURE_BYTES = 4096;

    private final Path root;

    LogDirectory(Path root) {
        this.root = root;
    }

    Path file(LocalDate day) {
        return root.resolve(day + END);
    }

    static Path signature(Path file) {
        return file.resolveSibling(file.getFileName() + SIGNATURE_END);
    }

    /** The days that have a file, in order. */
    List<LocalDate> days() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]\\.json"))
                    .map(name -> dayOf(name.substring(0, name.length() - END.length())))
                    .flatMap(Optional::stream)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of(); // made with the first file
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** There are names such as 2026-02-31, which are nobody's. */
    private static Optional<LocalDate> dayOf(String name) {
        try {
            return Optional.of(LocalDate.parse(name));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    byte[] read(LocalDate day) throws IOException {
        return new AtomicFile(file(day)).read(ServedDay.MAX_BYTES);
    }

    boolean isSigned(LocalDate day, byte[] file, PublicKey key) {
        try {
            byte[] jws = new AtomicFile(signature(file(day))).read(MAX_SIGNATURE_BYTES);
            return ServedDay.isSigned(file, new String(jws, StandardCharsets.US_ASCII), key);
        } catch (IOException e) {
            return false;
        }
    }

    void write(LocalDate day, byte[] file) throws IOException {
        new AtomicFile(file(day)).write(file);
    }

    void sign(LocalDate day, String jws) throws IOException {
        new AtomicFile(signature(file(day))).write((jws + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    void delete(LocalDate day) throws IOException {
        Files.deleteIfExists(file(day));
        Files.deleteIfExists(signature(file(day)));
    }

    /** Gives the file of a day, if it is still there, a name that no other has. */
    void setAside(LocalDate day) throws IOException {
        Path file = file(day);
        Path name = file.resolveSibling(file.getFileName() + ASIDE);
        for (int more = 2; Files.exists(name, LinkOption.NOFOLLOW_LINKS); more++) {
            name = file.resolveSibling(file.getFileName() + ASIDE + "-" + more);
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(file, name);
        }
    }

    /** Deletes all but the last days that have a file, whatever the clock says of how long ago they were. */
    void keepLast(int count) throws IOException {
        List<LocalDate> known = days();
        IOException failure = null;
        for (LocalDate old : known.subList(0, Math.max(0, known.size() - count))) {
            try {
                delete(old);
            } catch (IOException e) {
                failure = e; // of one, which keeps no other
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
