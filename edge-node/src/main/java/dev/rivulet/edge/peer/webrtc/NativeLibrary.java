package dev.rivulet.edge.peer.webrtc;

import dev.onvoid.webrtc.internal.NativeLoader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library in a file, unpacked once for all processes of this edge and its later starts, so that none of them
 * needs room on the disk. Left to itself the library is unpacked by every process that loads it. Thread-safe.
 *
 * <pre>
 * directory/
 *   libwebrtc-java-linux-x86_64-1a2b3c4d.so       with its checksum (CRC-32, which the jar knows of it)
 *   libwebrtc-java-linux-x86_64-1a2b3c4d.so.tmp   being unpacked; worthless when the process died meanwhile
 * </pre>
 *
 * <p>The checksum tells versions and damage apart. Against who may write to the directory nothing would help.
 */
public final class NativeLibrary {
    /** By which the library's classes ask for it. */
    static final String LOADED_AS = "webrtc-java";

    /** Of {@link NativeLoader}: what it need not load any more. */
    private static final String LOADED_FIELD = "LOADED_LIB_SET";

    private static final String TEMPORARY_END = ".tmp";
    private static final int CRC_DIGITS = 8;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MIB = 1 << 20;
    private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);

    /** What a whole library is known by. */
    private record Checksum(long bytes, long crc) {
        static Checksum of(InputStream in) throws IOException {
            CRC32 crc = new CRC32();
            long bytes = 0;
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                crc.update(buffer, 0, read);
                bytes += read;
            }
            return new Checksum(bytes, crc.getValue());
        }
    }

    private final Path directory;
    private final String name;
    private final @Nullable URL packed;
    private @Nullable Checksum checksum;

    /**
     * That of this platform.
     *
     * @param directory that it is unpacked to, and which is there by then
     */
    public NativeLibrary(Path directory) {
        this(directory, platformName(), NativeLibrary.class.getResource("/" + platformName()));
    }

    /** @param packed where it comes from; null when there is none for this platform */
    NativeLibrary(Path directory, String name, @Nullable URL packed) {
        this.directory = directory;
        this.name = name;
        this.packed = packed;
    }

    private static String platformName() {
        String os = String.valueOf(System.getProperty("os.name")).toLowerCase(Locale.ROOT);
        String family = os.startsWith("mac os") ? "macos" : os.startsWith("windows") ? "windows" : os;
        String arch = String.valueOf(System.getProperty("os.arch")).toLowerCase(Locale.ROOT);
        String known =
                switch (arch) {
                    case "amd64", "x86-64" -> "x86_64";
                    case "arm64" -> "aarch64";
                    case "arm", "arm32" -> "aarch32";
                    default -> arch;
                };
        return System.mapLibraryName(LOADED_AS + "-" + family + "-" + known);
    }

    /**
     * The file, which is unpacked unless it is there and whole; those of other versions are removed.
     *
     * @throws WebRtcUnavailableException when there is none for this platform
     * @throws IOException when it cannot be unpacked; the message says why, and it may work later
     */
    public synchronized Path unpacked() throws IOException {
        URL source = packed;
        if (source == null) {
            throw new WebRtcUnavailableException("there is no WebRTC library for this platform (" + name + ")");
        }
        Checksum right = checksum(source);
        int dot = name.lastIndexOf('.');
        Path file = directory.resolve(name.substring(0, dot) + "-"
                + HexFormat.of().toHexDigits(right.crc(), CRC_DIGITS) + name.substring(dot));
        boolean whole = isWhole(file, right);
        // Before anything is unpacked, since they may be what takes the room. Who has loaded one keeps it.
        removeAllBut(whole ? file : null);
        if (!whole) {
            unpack(source, file, right);
        }
        return file;
    }

    /** What the jar says of it, without reading it. */
    private Checksum checksum(URL source) throws IOException {
        Checksum known = checksum;
        if (known != null) {
            return known;
        }
        URLConnection connection = source.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jar) {
            try (JarFile file = jar.getJarFile()) {
                JarEntry entry = file.getJarEntry(jar.getEntryName());
                if (entry == null) {
                    throw new IOException("the WebRTC library is not in " + file.getName() + " any more");
                }
                known = new Checksum(entry.getSize(), entry.getCrc());
            }
        } else {
            try (InputStream in = connection.getInputStream()) {
                known = Checksum.of(in);
            }
        }
        checksum = known;
        return known;
    }

    private static boolean isWhole(Path file, Checksum right) {
        try (InputStream in = Files.newInputStream(file)) {
            boolean whole = Checksum.of(in).equals(right);
            if (!whole) {
                log.warn("{} is damaged, and unpacked anew", file);
            }
            return whole;
        } catch (NoSuchFileException none) {
            return false;
        } catch (IOException e) {
            log.warn("{} cannot be read, and is unpacked anew: {}", file, e.toString());
            return false;
        }
    }

    private void unpack(URL source, Path file, Checksum right) throws IOException {
        // 0 is also said where it is not known.
        long free = directory.toFile().getUsableSpace();
        if (free > 0 && free < right.bytes()) {
            throw noRoom(right, null);
        }
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY_END);
        try {
            copy(source, temporary);
            try (InputStream in = Files.newInputStream(temporary)) {
                if (!Checksum.of(in).equals(right)) {
                    throw new IOException("the disk does not give back what was written to it");
                }
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(temporary);
            throw directory.toFile().getUsableSpace() < right.bytes()
                    ? noRoom(right, e)
                    : new IOException("the WebRTC library cannot be unpacked to " + directory + ": " + e, e);
        }
    }

    /** Says nothing of how much there is, so that it stays the same reason until there is enough. */
    private IOException noRoom(Checksum right, @Nullable IOException cause) {
        long needed = (right.bytes() + MIB - 1) / MIB;
        return new IOException(
                "no room left in " + directory + ": " + needed + " MiB are needed for the WebRTC library", cause);
    }

    private static void copy(URL source, Path target) throws IOException {
        URLConnection connection = source.openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream();
                FileChannel out = FileChannel.open(
                        target,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            var unused = in.transferTo(Channels.newOutputStream(out));
            out.force(true);
        }
    }

    private void removeAllBut(@Nullable Path kept) {
        int dot = name.lastIndexOf('.');
        String all = name.substring(0, name.indexOf('-')) + "*";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, all)) {
            for (Path file : files) {
                String other = String.valueOf(file.getFileName());
                boolean unpacked = other.endsWith(name.substring(dot)) || other.endsWith(TEMPORARY_END);
                if (unpacked && !file.equals(kept)) {
                    delete(file);
                }
            }
        } catch (IOException e) {
            log.warn("{} cannot be tidied up: {}", directory, e.toString());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("{} cannot be deleted: {}", file, e.toString());
        }
    }

    /**
     * Loads such a file into this process, once, in the place of {@link NativeLoader}, which would unpack another; and
     * does when it cannot be told of this one.
     */
    static void load(Path file) {
        loadedBy(NativeLoader.class).ifPresent(loaded -> {
            System.load(file.toAbsolutePath().toString());
            loaded.add(LOADED_AS);
        });
    }

    /** The names of what a loader need not load any more; empty when it is not one that is known here. */
    static Optional<Set<String>> loadedBy(Class<?> loader) {
        try {
            Field field = loader.getDeclaredField(LOADED_FIELD);
            field.setAccessible(true);
            @SuppressWarnings("unchecked") // It is a set of names.
            Set<String> loaded = (Set<String>) field.get(null);
            return Optional.ofNullable(loaded);
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.warn(
                    "this version of webrtc-java cannot be told where its library is, and unpacks another in every"
                            + " WebRTC process, for which there has to be room: {}",
                    e.toString());
            return Optional.empty();
        }
    }
}
