package dev.rivulet.edge.peer.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onvoid.webrtc.internal.NativeLoader;
import dev.rivulet.edge.store.SmallFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibraryTest {
    private static final String NAME = "libfake-linux.so";
    private static final int MIB = 1 << 20;
    private static final String REMEDY =
            "this version of webrtc-java loads its library in another way than the one that"
                    + " NativeLibrary.load stands in for, so that every WebRTC process unpacks 23 MiB of its own: see what its"
                    + " NativeLoader does, and have NativeLibrary.load follow";

    @TempDir
    Path home;

    private Path directory;
    private byte[] content;

    @BeforeEach
    void prepare() throws IOException {
        directory = Files.createDirectory(home.resolve("webrtc"));
        content = random(1, 3 * MIB);
    }

    private static byte[] random(int seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** One that is packed in a jar of its own. */
    private NativeLibrary library(byte[] packed) throws IOException {
        Path jar = Files.createTempFile(home, "packed", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(NAME));
            out.write(packed);
        }
        return new NativeLibrary(directory, NAME, new URL("jar:" + jar.toUri() + "!/" + NAME));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void itIsUnpackedOnceForEveryStart() throws IOException {
        Path first = library(content).unpacked();
        Object written = Files.readAttributes(first, "unix:ino").get("ino");

        Path second = library(content).unpacked();

        assertThat(second).isEqualTo(first).hasBinaryContent(content);
        assertThat(Files.readAttributes(second, "unix:ino").get("ino")).isEqualTo(written);
        assertThat(files()).containsExactly(second);
    }

    @Test
    void anotherVersionTakesThePlaceOfTheFormer() throws IOException {
        library(random(2, MIB)).unpacked();

        Path now = library(content).unpacked();

        assertThat(files()).containsExactly(now);
        assertThat(now).hasBinaryContent(content);
    }

    @Test
    void whatACrashLeftHalfUnpackedIsUnpackedAnew() throws IOException {
        Path file = library(content).unpacked();
        Files.move(file, file.resolveSibling(file.getFileName() + ".tmp"));

        assertThat(library(content).unpacked()).isEqualTo(file).hasBinaryContent(content);
        assertThat(files()).containsExactly(file);
    }

    @Test
    void aDamagedFileIsUnpackedAnew() throws IOException {
        Path file = library(content).unpacked();
        byte[] damaged = content.clone();
        damaged[MIB]++;
        Files.write(file, damaged);
        assertThat(library(content).unpacked()).hasBinaryContent(content);

        Files.write(file, random(1, MIB));
        assertThat(library(content).unpacked()).hasBinaryContent(content);
    }

    @Test
    void nothingElseIsRemoved() throws IOException {
        Path report = Files.writeString(directory.resolve("webrtc-crash.log"), "report");

        Path file = library(content).unpacked();

        assertThat(files()).containsExactlyInAnyOrder(report, file);
    }

    @Test
    void severalAtOnceGetTheSame() throws Exception {
        NativeLibrary library = library(content);
        List<CompletableFuture<Path>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return library.unpacked();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }

        for (CompletableFuture<Path> each : all) {
            assertThat(each.get()).hasBinaryContent(content);
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void thePlatformsOwnIsFound() throws IOException {
        Path file = new NativeLibrary(directory).unpacked();

        assertThat(Files.size(file)).isGreaterThan(MIB);
        assertThat(new NativeLibrary(directory).unpacked()).isEqualTo(file);
    }

    @Test
    void whatTheLoaderIsToldOfItDoesNotLoad() {
        Optional<Set<String>> loaded = NativeLibrary.loadedBy(NativeLoader.class);
        assertThat(loaded).as(REMEDY).isPresent();
        Set<String> names = loaded.orElseThrow();

        assertThatThrownBy(() -> NativeLoader.loadLibrary("there-is-none"))
                .as("or else this test would show nothing")
                .isInstanceOf(Exception.class);
        names.add("there-is-none");
        try {
            assertThatCode(() -> NativeLoader.loadLibrary("there-is-none"))
                    .as(REMEDY)
                    .doesNotThrowAnyException();
        } finally {
            names.remove("there-is-none");
        }
    }

    /** What the class names is in its constants, as it is; loading the class would load the library. */
    @Test
    void theLoaderIsAskedForWhatItIsToldOf() throws IOException {
        try (InputStream in =
                NativeLoader.class.getResourceAsStream("/dev/onvoid/webrtc/PeerConnectionFactory.class")) {
            assertThat(in).as(REMEDY).isNotNull();
            assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .as(REMEDY)
                    .contains(NativeLoader.class.getName().replace('.', '/'), NativeLibrary.LOADED_AS);
        }
    }

    @Test
    void aLoaderThatIsNotKnownIsLeftToItself() {
        assertThat(NativeLibrary.loadedBy(WithoutNames.class)).isEmpty();
        assertThat(NativeLibrary.loadedBy(WithOtherNames.class)).isEmpty();
    }

    private static final class WithoutNames {}

    private static final class WithOtherNames {
        @SuppressWarnings("unused") // Read by reflection.
        static final Map<String, String> LOADED_LIB_SET = new HashMap<>();
    }

    @Test
    void aPlatformWithoutOneIsUnavailable() {
        NativeLibrary none = new NativeLibrary(directory, NAME, null);

        assertThatThrownBy(none::unpacked)
                .isInstanceOf(WebRtcUnavailableException.class)
                .hasMessageContaining(NAME);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsTheReasonUntilThereIsRoom() throws IOException {
        try (SmallFileSystem disk = SmallFileSystem.mount(directory, 2)) {
            NativeLibrary library = library(content);
            assertThatThrownBy(library::unpacked)
                    .isNotInstanceOf(WebRtcUnavailableException.class)
                    .hasMessage("no room left in " + directory + ": 3 MiB are needed for the WebRTC library");
            assertThat(files()).isEmpty();

            disk.grow(16);
            Path file = library.unpacked();
            disk.fill();

            assertThat(library(content).unpacked()).isEqualTo(file).hasBinaryContent(content);
        }
    }
}
