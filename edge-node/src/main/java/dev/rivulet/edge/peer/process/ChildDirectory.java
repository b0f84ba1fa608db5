package dev.rivulet.edge.peer.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where WebRTC processes may write, each in a folder of its own that goes when it ends; for nobody else to look into. */
final class ChildDirectory {
    /** Of a socket's path: 108 with its end on Linux, 104 elsewhere (unix(7)). */
    private static final int MAX_SOCKET_BYTES = 103;

    private static final Logger log = LoggerFactory.getLogger(ChildDirectory.class);
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path path;

    private ChildDirectory(Path path) {
        this.path = path;
    }

    /** Makes the directory if need be, and removes what processes of an edge that was killed left there. */
    static ChildDirectory open(Path path) throws IOException {
        Files.createDirectories(path);
        if (isPosix()) {
            Files.setPosixFilePermissions(path, PRIVATE);
        }
        try (Stream<Path> left = Files.list(path)) {
            left.filter(Files::isDirectory).forEach(ChildDirectory::remove);
        }
        return new ChildDirectory(path);
    }

    /** Where crashes are written. */
    Path path() {
        return path;
    }

    /** A new folder for one process; elsewhere when a socket's path would be too long here. */
    Path folder(int number) throws IOException {
        Path here = path.resolve(String.valueOf(number));
        if (socket(here).toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_BYTES) {
            return Files.createDirectory(here, onlyForUs());
        }
        return Files.createTempDirectory("rivulet-", onlyForUs());
    }

    /** The socket in such a folder. */
    static Path socket(Path folder) {
        return folder.resolve("socket");
    }

    /** Removes such a folder, as far as possible. */
    static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("{} could not be removed: {}", folder, e.toString());
        }
    }

    private static FileAttribute<?>[] onlyForUs() {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
