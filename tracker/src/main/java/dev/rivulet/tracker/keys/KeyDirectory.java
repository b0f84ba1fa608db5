package dev.rivulet.tracker.keys;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Keeps every site's root key and online key as private JWK files (RFC 8037) in {@code keys/SITE/} of the data
 * directory, readable by the owner only. What is missing is made. Not for several threads or processes at once: whoever
 * holds the data directory's database may use it.
 */
public final class KeyDirectory {
    static final String ROOT_FILE = "root.jwk";
    static final String ONLINE_FILE = "online.jwk";

    private final Path directory;
    private final SecureRandom random;

    /** Keys below {@code dataDirectory}; new ones come out of {@code random}. */
    public KeyDirectory(Path dataDirectory, SecureRandom random) {
        this.directory = dataDirectory.resolve("keys");
        this.random = random;
    }

    /** The site's keys; throws {@link ConfigException} when a file is not a key or cannot be read or written. */
    public SiteKeys site(SiteId site) {
        Path home = directory.resolve(site.text());
        return new SiteKeys(site, key(home, ROOT_FILE), key(home, ONLINE_FILE));
    }

    /** Makes a new online key in place of the old one, which is gone then; throws {@link IOException} when it cannot. */
    public void rotate(SiteId site) throws IOException {
        Path home = directory.resolve(site.text());
        PrivateFile.write(home, ONLINE_FILE, SigningKey.generate(random).privateJwk() + "\n");
    }

    /** What pages of the site pin, if its root key was made already. */
    public Optional<KeyId> existing(SiteId site) {
        Path home = directory.resolve(site.text());
        return Files.exists(home.resolve(ROOT_FILE))
                ? Optional.of(key(home, ROOT_FILE).keyId())
                : Optional.empty();
    }

    private SigningKey key(Path home, String name) {
        Path file = home.resolve(name);
        try {
            if (Files.exists(file)) {
                return SigningKey.parse(Files.readString(file).strip());
            }
            SigningKey key = SigningKey.generate(random);
            PrivateFile.write(home, name, key.privateJwk() + "\n");
            return key;
        } catch (DecodeException e) {
            throw new ConfigException(
                    "data",
                    file.toString(),
                    "not a private Ed25519 JWK: restore it from a backup (" + e.reason() + ")");
        } catch (IOException e) {
            throw new ConfigException("data", file.toString(), "cannot be read or written: " + e);
        }
    }
}
