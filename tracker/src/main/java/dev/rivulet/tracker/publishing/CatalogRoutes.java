package dev.rivulet.tracker.publishing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.http.Answer;
import dev.rivulet.tracker.http.Problem;
import dev.rivulet.tracker.http.RequestReader;
import dev.rivulet.tracker.http.Router;
import dev.rivulet.tracker.http.Routes;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Catalogs, shards and layouts over HTTP (docs/protocol.md, section 4.5). */
public final class CatalogRoutes implements Routes {
    /** Bytes of shards kept ready to be sent, compressed form included. */
    private static final long MAX_READY_BYTES = 32L * 1024 * 1024;

    private static final String JSON = "application/json";
    private static final String BINARY = "application/octet-stream";
    /** What a shard begins with, and an index of hashes does not. */
    private static final byte[] SHARD_BEGIN = "{\"entries\":[".getBytes(StandardCharsets.US_ASCII);

    private final Catalogs catalogs;
    private final Cache<SiteShard, Answer> readyShards;

    private record SiteShard(SiteId site, ShardHash hash) {}

    public CatalogRoutes(Catalogs catalogs) {
        this.catalogs = catalogs;
        this.readyShards = Caffeine.newBuilder()
                .maximumWeight(MAX_READY_BYTES)
                .weigher((SiteShard shard, Answer answer) -> 2 * answer.bytes())
                .build();
    }

    @Override
    public void register(Router router) {
        router.get("/sites/{site}/catalog", exchange -> answer(exchange, catalog(exchange)))
                .get("/sites/{site}/shards/{hash}", exchange -> answer(exchange, shard(exchange)))
                .get(
                        "/sites/{site}/layouts/{content}",
                        RequestReader.onWorker(exchange -> answer(exchange, layout(exchange))));
    }

    private Optional<Answer> catalog(HttpServerExchange exchange) {
        return parameter(exchange, "site", SiteId::parse)
                .flatMap(catalogs::current)
                .map(signed -> Answer.revalidated(JSON, signed.body().text().getBytes(StandardCharsets.UTF_8)));
    }

    private Optional<Answer> shard(HttpServerExchange exchange) {
        Optional<SiteId> site = parameter(exchange, "site", SiteId::parse);
        Optional<ShardHash> hash = parameter(exchange, "hash", ShardHash::parse);
        return site.isEmpty() || hash.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(readyShards.get(new SiteShard(site.get(), hash.get()), this::readShard));
    }

    private Optional<Answer> layout(HttpServerExchange exchange) throws IOException {
        Optional<SiteId> site = parameter(exchange, "site", SiteId::parse);
        Optional<ContentId> content = parameter(exchange, "content", ContentId::parse);
        return site.isEmpty() || content.isEmpty()
                ? Optional.empty()
                : catalogs.layout(site.get(), content.get()).map(bytes -> Answer.immutable(BINARY, bytes));
    }

    /** Null, which is not kept, when there is no such shard. */
    private @Nullable Answer readShard(SiteShard shard) {
        return catalogs.shard(shard.site(), shard.hash())
                .map(bytes -> Answer.immutable(isShard(bytes) ? JSON : BINARY, bytes))
                .orElse(null);
    }

    private static boolean isShard(byte[] bytes) {
        int length = Math.min(bytes.length, SHARD_BEGIN.length);
        return ByteBuffer.wrap(bytes, 0, length).equals(ByteBuffer.wrap(SHARD_BEGIN));
    }

    private static void answer(HttpServerExchange exchange, Optional<Answer> found) {
        found.ifPresentOrElse(answer -> answer.send(exchange), () -> new Problem(
                        StatusCodes.NOT_FOUND,
                        "This tracker has no such site, or its newest catalogs do not name this.")
                .send(exchange));
    }

    /** Empty when the text in the path is no such value, so that it names nothing. */
    private static <T> Optional<T> parameter(HttpServerExchange exchange, String name, Parser<T> parser) {
        try {
            return Optional.of(parser.parse(Router.parameter(exchange, name)));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    @FunctionalInterface
    private interface Parser<T> {
        T parse(String text) throws DecodeException;
    }
}
