package dev.rivulet.tracker.access;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.api.Caller;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.database.ApiTokenTable;
import dev.rivulet.tracker.database.ApiTokenTable.Token;
import dev.rivulet.tracker.database.TrackerDatabase;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Secrets by which programs use the API; in the database, and here. Thread-safe. */
final class ApiTokens {
    /** Most tokens. */
    static final int MAX_TOKENS = 1000;
    /** What every secret begins with, so that it is known for what it is where it leaks. */
    static final String PREFIX = "rivulet_";

    private static final int ID_BYTES = 8;

    private final ApiTokenTable table;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Map<String, Token> byId = new TreeMap<>();

    private ApiTokens(ApiTokenTable table, SecureRandom random, InstantSource clock) throws IOException {
        this.table = table;
        this.random = random;
        this.clock = clock;
        table.all().forEach(token -> byId.put(token.id(), token));
    }

    /** Takes up what the database holds; throws {@link ConfigException} when that cannot be read. */
    static ApiTokens open(TrackerDatabase database, SecureRandom random, InstantSource clock) {
        try {
            return new ApiTokens(new ApiTokenTable(database), random, clock);
        } catch (IOException e) {
            throw new ConfigException("data", null, "API tokens cannot be read from the database: " + e.getMessage());
        }
    }

    /** A new token and its secret, which is known from now on to its bearer only. */
    record Made(Token token, String secret) {}

    /** Makes one. */
    synchronized Made make(String name, Role scope, @Nullable Long expiresAt, String madeBy)
            throws Refusal, IOException {
        if (byId.size() >= MAX_TOKENS) {
            throw Refusal.conflict("There are " + MAX_TOKENS + " tokens; take some back.");
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String secret = PREFIX + Secret.make(random);
        Token token = new Token(
                Base64Url.encode(id),
                name,
                scope.text(),
                Secret.hash(secret),
                madeBy,
                clock.instant().getEpochSecond(),
                expiresAt);
        table.add(token);
        byId.put(token.id(), token);
        return new Made(token, secret);
    }

    /** All of them, by id. */
    synchronized List<Token> all() {
        return List.copyOf(byId.values());
    }

    /** Takes one back. */
    synchronized Token remove(String id) throws Refusal, IOException {
        Token token = byId.get(id);
        if (token == null) {
            throw Refusal.notFound("There is no token " + id + ".");
        }
        table.remove(id);
        byId.remove(id);
        return token;
    }

    /** Whose secret this is. */
    synchronized Optional<Caller> of(String secret) {
        String hash = Secret.hash(secret);
        long now = clock.instant().getEpochSecond();
        return byId.values().stream()
                .filter(token -> token.hash().equals(hash))
                .filter(token -> token.expiresAt() == null || token.expiresAt() > now)
                .findAny()
                .map(token -> new Caller("token:" + token.name(), roleOf(token), null));
    }

    static Role roleOf(Token token) {
        return Role.valueOf(token.scope().toUpperCase(Locale.ROOT));
    }
}
