package dev.rivulet.edge.peer.process;

import dev.rivulet.edge.peer.webrtc.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What WebRTC processes need of the disk, for nobody else to look into. One more of them needs no room there: a socket is
 * a name only.
 *
 * <pre>
 * directory/
 *   libwebrtc-….so     the {@link NativeLibrary}, of all processes
 *   1.socket           of the process 1, while it runs
 *   webrtc-crash.log   what is written of the last crash
 * </pre>
 */
final class ChildDirectory {
    /** Of a socket's path: 108 with its end on Linux, 104 elsewhere (unix(7)). */
    private static final int MAX_SOCKET_BYTES = 103;

    private static final String SOCKET_END = ".socket";
    private static final Pattern SOCKET_NAME = Pattern.compile("[0-9]+\\.socket");

    private static final Logger log = LoggerFactory.getLogger(ChildDirectory.class);
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final NativeLibrary library;

    private ChildDirectory(Path path) {
        this.path = path;
        this.library = new NativeLibrary(path);
    }

    /** Removes what processes of an edge that was killed left there; makes nothing yet. */
    static ChildDirectory open(Path path) {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                // A folder is what an earlier version gave to each process.
                if (Files.isDirectory(file)
                        || SOCKET_NAME
                                .matcher(String.valueOf(file.getFileName()))
                                .matches()) {
                    remove(file);
                }
            }
        } catch (NoSuchFileException nothing) {
            // the first start
        } catch (IOException e) {
            log.warn("{} could not be tidied up: {}", path, e.toString());
        }
        return new ChildDirectory(path);
    }

    /** Where crashes are written. */
    Path path() {
        return path;
    }

    /** The native library, unpacked if need be; see {@link NativeLibrary#unpacked}. */
    Path library() throws IOException {
        try {
            make();
        } catch (IOException e) {
            throw new IOException(path + " cannot be made for WebRTC: " + e, e);
        }
        return library.unpacked();
    }

    private void make() throws IOException {
        Files.createDirectories(path);
        // Asked first, for a disk that is read-only refuses what would change nothing, too.
        if (isPosix() && !Files.getPosixFilePermissions(path).equals(PRIVATE)) {
            Files.setPosixFilePermissions(path, PRIVATE);
        }
    }

    /** A door for one process; elsewhere when its path would be too long here, or the disk takes no names. */
    Door door(int number) throws IOException {
        IOException refusal = new IOException("no socket can be made in " + path);
        Path here = path.resolve(number + SOCKET_END);
        if (here.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_BYTES) {
            try {
                make();
                return Door.open(here, null);
            } catch (IOException e) {
                refusal = new IOException("no socket can be made in " + path + ": " + e, e);
            }
        }
        try {
            Path folder = Files.createTempDirectory("rivulet-", onlyForUs());
            return Door.open(folder.resolve("socket"), folder);
        } catch (IOException e) {
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    private static void remove(Path left) {
        try (Stream<Path> files = Files.walk(left)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("{} could not be removed: {}", left, e.toString());
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
