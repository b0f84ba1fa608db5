package dev.rivulet.protocol.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.CatalogException;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.CatalogVerifier.BatchResult;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.catalog.Shard;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.fixtures.Schemas;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Vectors of shards, and of what a verifier takes. */
final class CatalogVectors {
    static final Map<String, VectorsTest.Runner> RUNNERS = Map.of(
            "shards", CatalogVectors::shard,
            "sharding", CatalogVectors::sharding,
            "blocked", CatalogVectors::blocked,
            "catalog", CatalogVectors::catalog);

    private CatalogVectors() {}

    private static void shard(VectorCase vector) throws Exception {
        byte[] bytes = shardText(vector).getBytes(StandardCharsets.UTF_8);
        vector.decide(() -> Shard.decode(bytes), () -> {
            assertThat(Schemas.complaints("shard", new ObjectMapper().readTree(bytes)))
                    .isEmpty();
            Shard shard = Shard.decode(bytes);
            assertThat(shard.entries().stream().map(entry -> entry.url().text()))
                    .isEqualTo(vector.texts("urls"));
            for (Entry entry : shard.entries()) {
                assertThat(shard.find(entry.url())).contains(entry);
            }
        });
    }

    private static void blocked(VectorCase vector) throws Exception {
        byte[] bytes = vector.bytes("bytes");
        vector.decide(() -> BlockList.decode(bytes), () -> {
            BlockList list = BlockList.decode(bytes);
            assertThat(list.hashes().stream().map(Sha256::text).toList()).isEqualTo(vector.texts("hashes"));
            assertThat(BlockList.decode(list.encode()).hashes()).isEqualTo(list.hashes());
        });
    }

    private static String shardText(VectorCase vector) {
        if (vector.has("entries")) {
            return "{\"entries\":" + vector.get("entries") + "}";
        }
        String text = vector.text("text");
        return vector.has("padTo") ? text + " ".repeat((int) vector.number("padTo") - text.length()) : text;
    }

    private static void sharding(VectorCase vector) throws Exception {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : vector.get("entries")) {
            entries.add(Entry.decode(Json.parse("entry", entry.toString())));
        }
        if (!vector.isValid()) {
            assertThat(catchThrowable(() -> ShardedCatalog.of(entries))).isInstanceOf(IllegalArgumentException.class);
            return;
        }
        ShardedCatalog catalog = ShardedCatalog.of(entries);
        assertThat(catalog.depth()).isEqualTo((int) vector.number("depth"));
        assertThat(Base64Url.encode(catalog.index().encode())).isEqualTo(vector.text("index"));
        assertThat(catalog.root().text()).isEqualTo(vector.text("root"));
        Collections.reverse(entries);
        assertThat(ShardedCatalog.of(entries).root()).isEqualTo(catalog.root());
        for (Entry entry : entries) {
            byte[] shard = catalog.shards().get(catalog.shardOf(entry.url()).orElseThrow());
            assertThat(Shard.decode(shard).find(entry.url())).contains(entry);
        }
    }

    private static void catalog(VectorCase vector) throws Exception {
        SiteId site = SiteId.parse(vector.text("site"));
        String pinned = vector.textOrNull("pinned");
        CatalogVerifier verifier = new CatalogVerifier(site, pinned == null ? null : KeyId.parse(pinned), null);
        int number = 0;
        for (JsonNode step : vector.get("steps")) {
            String what = "step " + number++ + " of " + vector.name();
            if (step.get("do").textValue().equals("restart")) {
                verifier = new CatalogVerifier(
                        site, verifier.pinned().orElse(null), verifier.held().orElse(null));
                continue;
            }
            String expected = step.path("error").asText(step.path("expected").asText());
            assertThat(outcome(verifier, step)).as(what).isEqualTo(expected);
            if (step.has("jws") && List.of("taken", "known", "ahead").contains(expected)) {
                assertThat(Schemas.complaints(step.get("do").textValue(), payload(step)))
                        .isEmpty();
            }
        }
    }

    private static String payload(JsonNode step) throws DecodeException {
        String[] parts = step.get("jws").textValue().split("\\.", -1);
        return new String(Base64Url.decode(parts[1]), StandardCharsets.UTF_8);
    }

    private static String outcome(CatalogVerifier verifier, JsonNode step) throws DecodeException {
        try {
            return switch (step.get("do").textValue()) {
                case "delegations" -> delegations(verifier, step);
                case "head" ->
                    verifier.head(step.get("jws").textValue(), step.get("now").longValue())
                            .map(head -> "taken")
                            .orElse("known");
                case "batch" ->
                    word(verifier.batch(
                            step.get("jws").textValue(), step.get("now").longValue()));
                default -> throw new AssertionError(step.get("do"));
            };
        } catch (CatalogException e) {
            return e.error().text();
        }
    }

    private static String delegations(CatalogVerifier verifier, JsonNode step)
            throws CatalogException, DecodeException {
        List<String> texts = new ArrayList<>();
        step.get("delegations").forEach(text -> texts.add(text.textValue()));
        verifier.delegations(PublicKey.parse(step.get("rootKey").textValue()), texts);
        return "taken";
    }

    private static String word(BatchResult result) {
        if (result instanceof BatchResult.Taken) {
            return "taken";
        }
        return result instanceof BatchResult.Known ? "known" : "ahead";
    }
}
