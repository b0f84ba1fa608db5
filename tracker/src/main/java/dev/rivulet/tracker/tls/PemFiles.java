package dev.rivulet.tracker.tls;

import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the certificate and its key are. */
public record PemFiles(Path certificate, Path key) {
    /** The setting that names the certificate. */
    static final String CERTIFICATE = "tls-certificate";

    /** The setting that names its key. */
    static final String KEY = "tls-key";

    /** Larger files are none of ours. */
    private static final long MAX_BYTES = 1024 * 1024;

    /** What the two files hold. */
    record Texts(String certificate, String key) {
        /** Without the key. */
        @Override
        public String toString() {
            return certificate;
        }
    }

    /** Reads both; throws {@link ConfigException} when one cannot be. */
    Texts read() {
        return new Texts(text(CERTIFICATE, certificate), text(KEY, key));
    }

    /** Reads and checks both; throws {@link ConfigException} when they cannot be used. */
    public TlsIdentity identity() {
        return identity(read());
    }

    TlsIdentity identity(Texts texts) {
        return TlsIdentity.parse(
                new TlsIdentity.Pem(CERTIFICATE, certificate.toString(), texts.certificate()),
                new TlsIdentity.Pem(KEY, key.toString(), texts.key()));
    }

    private static String text(String setting, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(setting, file.toString(), "is too large for a PEM file; name another");
            }
            // ISO 8859-1 takes any bytes: whether this is PEM is found out later.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new ConfigException(setting, file.toString(), "does not exist; name a PEM file that does");
        } catch (AccessDeniedException e) {
            throw new ConfigException(
                    setting,
                    file.toString(),
                    "may not be read by the user " + System.getProperty("user.name")
                            + "; let that user read it, and enter the directories above it");
        } catch (IOException e) {
            throw new ConfigException(setting, file.toString(), "cannot be read (" + e + "); name a PEM file that can");
        }
    }
}
