package dev.rivulet.edge.tracker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.edge.store.AtomicFile;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an edge remembers of its site's catalog: the last head taken, with what proves it and the policy, and the index
 * and shards by hash. So that a head never goes back and what is held can be served while the tracker is away.
 *
 * <pre>
 * directory/
 *   catalog.json      {"takenAt": seconds, "catalog": body of /sites/{site}/catalog}
 *   shards/abcdef…    an index or shard by its hash in hexadecimal, checked whenever it is read
 * </pre>
 */
public final class CatalogFiles {
    /** The most bytes of {@code catalog.json}: {@value}. */
    static final int MAX_CATALOG_BYTES = 1 << 20;

    /**
     * A catalog that was taken.
     *
     * @param takenAt seconds since 1970, when it was verified
     * @param catalog with its policy
     */
    record Taken(long takenAt, CatalogBody catalog) {
        private static Taken decode(JsonFields fields) throws DecodeException {
            return new Taken(fields.number("takenAt"), fields.object("catalog", CatalogBody::decode));
        }
    }

    private final Path directory;
    private final AtomicFile catalog;

    /** @param directory of its own, made when something is saved */
    public CatalogFiles(Path directory) {
        this.directory = directory;
        this.catalog = new AtomicFile(directory.resolve("catalog.json"));
    }

    Path catalogFile() {
        return directory.resolve("catalog.json");
    }

    /** The catalog taken last; empty when there never was one. */
    Optional<Taken> load() throws IOException, DecodeException {
        try {
            return Optional.of(Taken.decode(Json.parse("catalog.json", catalog.read(MAX_CATALOG_BYTES))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void save(Taken taken) throws IOException {
        ObjectNode node = Json.object().put("takenAt", taken.takenAt());
        node.set("catalog", taken.catalog().encode());
        catalog.write(Json.write(node).getBytes(StandardCharsets.UTF_8));
    }

    /** An index or shard, if it is there and unharmed. Any thread may ask. */
    public Optional<byte[]> shard(ShardHash hash) {
        try {
            Path file = file(hash);
            if (Files.size(file) > Limits.MAX_INDEX_BYTES) {
                return Optional.empty();
            }
            return Optional.of(Files.readAllBytes(file))
                    .filter(bytes -> Sha256.of(bytes).equals(hash.hash()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void saveShard(ShardHash hash, byte[] bytes) throws IOException {
        Files.createDirectories(directory.resolve("shards"));
        Files.write(file(hash), bytes);
    }

    /** Deletes all indexes and shards but these. */
    void keepOnly(Set<ShardHash> hashes) throws IOException {
        Set<Path> kept = hashes.stream().map(this::file).collect(Collectors.toSet());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("shards"))) {
            for (Path file : files) {
                if (!kept.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path file(ShardHash hash) {
        String hex = HexFormat.of().formatHex(Base64.getUrlDecoder().decode(hash.text()));
        return directory.resolve("shards").resolve(hex);
    }
}
