package dev.rivulet.edge.identity;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** The edge's Ed25519 key: a private JWK (RFC 8037) in its data directory, readable by its owner only. */
public final class Identity {
    /** Name of the file. */
    public static final String FILE = "identity.jwk";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private Identity() {}

    /**
     * The key in this directory, which is made when there is none.
     *
     * @param directory held by the caller, so that no other edge makes one at the same time
     * @throws ConfigException when there is one that is damaged, or it cannot be read or written
     */
    public static SigningKey in(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            if (Files.exists(file)) {
                return SigningKey.parse(Files.readString(file).strip());
            }
            SigningKey key = SigningKey.generate(new SecureRandom());
            write(file, key.privateJwk() + "\n");
            return key;
        } catch (DecodeException e) {
            throw new ConfigException(
                    "data",
                    file.toString(),
                    "is no private Ed25519 JWK (" + e.reason() + "); restore it, or remove it to become another edge");
        } catch (IOException e) {
            throw new ConfigException("data", file.toString(), "cannot be read or written: " + e);
        }
    }

    /** Whole or not at all; there is no moment in which others could open it. */
    private static void write(Path file, String text) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0];
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), "identity", ".tmp", attributes);
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
