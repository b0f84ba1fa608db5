package dev.rivulet.tracker.site;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.config.TokenConfig.Role;
import dev.rivulet.tracker.event.Event;
import dev.rivulet.tracker.event.Event.Kind;
import dev.rivulet.tracker.event.Event.Level;
import dev.rivulet.tracker.event.Events;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that operators issue while the tracker runs. Answers come from memory; only what changes the list blocks.
 * Thread-safe.
 */
public final class IssuedTokens {
    /** Tokens there may be at once. */
    public static final int MAX_TOKENS = 10_000;

    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 16;

    private final TokenKeeper keeper;
    private final Executor writer;
    private final InstantSource clock;
    private final Events events;
    private final SecureRandom random = new SecureRandom();
    /** By the hash of their secrets: the time of looking one up says nothing of the secrets themselves. */
    private final Map<Sha256, IssuedToken> byHash = new ConcurrentHashMap<>();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /**
     * Takes up what is kept.
     *
     * @param writer runs what blocks, in order
     */
    public IssuedTokens(TokenKeeper keeper, Executor writer, InstantSource clock, Events events) throws IOException {
        this.keeper = keeper;
        this.writer = writer;
        this.clock = clock;
        this.events = events;
        keeper.all().forEach(token -> byHash.put(token.hash(), token));
    }

    /** What an operator asks for; the terms are those of {@link IssuedToken}. */
    public record Order(
            Role role,
            SiteId site,
            boolean index,
            String note,
            @Nullable Long expires) {}

    /** A new token and, this once, its secret. */
    public record Issued(IssuedToken token, String secret) {}

    /** Issues a token; empty when there are {@value #MAX_TOKENS}. */
    public synchronized Optional<Issued> issue(Order order) throws IOException {
        if (byHash.size() >= MAX_TOKENS) {
            return Optional.empty();
        }
        String secret = randomText(SECRET_BYTES);
        IssuedToken token = new IssuedToken(
                randomText(ID_BYTES),
                hash(secret),
                order.role(),
                order.site(),
                order.index(),
                order.note(),
                nowSeconds(),
                order.expires(),
                null);
        keeper.put(token);
        byHash.put(token.hash(), token);
        return Optional.of(new Issued(token, secret));
    }

    /** Takes a token back, and with it the edge that is bound to it; false when there is none of that role. */
    public boolean revoke(String id, Role role) throws IOException {
        synchronized (this) {
            Optional<IssuedToken> token = find(id).filter(each -> each.role() == role);
            if (token.isEmpty()) {
                return false;
            }
            keeper.delete(id);
            byHash.remove(token.get().hash());
        }
        listeners.forEach(Runnable::run);
        return true;
    }

    /** Calls {@code listener} whenever a token was taken back. */
    public void onRevoked(Runnable listener) {
        listeners.add(listener);
    }

    /** All of a role, the oldest first. */
    public List<IssuedToken> all(Role role) {
        return byHash.values().stream()
                .filter(token -> token.role() == role)
                .sorted(Comparator.comparingLong(IssuedToken::created).thenComparing(IssuedToken::id))
                .toList();
    }

    /** The token of this name. */
    public Optional<IssuedToken> find(String id) {
        return byHash.values().stream().filter(token -> token.id().equals(id)).findFirst();
    }

    /** Whether the bearer may publish for the site. */
    boolean mayPublish(String secret, SiteId site) {
        return known(secret, Role.PUBLISH, site).isPresent();
    }

    /** Whether an edge with this key may join the site: the token is new, or this edge's already. */
    boolean admitsEdge(String secret, SiteId site, @Nullable KeyId key) {
        return known(secret, Role.EDGE, site)
                .filter(token -> token.edge() == null || token.edge().equals(key))
                .isPresent();
    }

    /** Whether what an edge fetched and hashed for that site is believed, which has this token for its own. */
    boolean mayIndex(String secret, SiteId site, KeyId key) {
        return known(secret, Role.EDGE, site)
                .filter(token -> token.index() && key.equals(token.edge()))
                .isPresent();
    }

    /** An edge showed that it has this key: the token is its own from now on. False when it is another's. */
    boolean bind(String secret, SiteId site, KeyId key) {
        IssuedToken before = known(secret, Role.EDGE, site).orElse(null);
        if (before == null) {
            return false;
        }
        IssuedToken now = byHash.computeIfPresent(
                before.hash(), (hash, token) -> token.edge() == null ? token.boundTo(key) : token);
        if (now == null || !key.equals(now.edge())) {
            return false;
        }
        if (before.edge() == null) {
            events.happened(Event.info(Kind.TOKEN, site, "edge " + key.text() + " used the token " + before.id()));
            writer.execute(() -> keep(before, key));
        }
        return true;
    }

    private void keep(IssuedToken token, KeyId key) {
        try {
            keeper.bind(token.id(), key);
        } catch (IOException e) {
            String text = "the token " + token.id() + " was used, which could not be kept: " + e.getMessage();
            events.happened(new Event(Kind.TOKEN, token.site(), text, Level.ERROR));
        }
    }

    private Optional<IssuedToken> known(String secret, Role role, SiteId site) {
        Predicate<IssuedToken> fits =
                token -> token.role() == role && token.site().equals(site) && !token.hasExpired(nowSeconds());
        return Optional.ofNullable(byHash.get(hash(secret))).filter(fits);
    }

    private String randomText(int bytes) {
        byte[] chance = new byte[bytes];
        random.nextBytes(chance);
        return Base64Url.encode(chance);
    }

    private static Sha256 hash(String secret) {
        return Sha256.of(secret.getBytes(StandardCharsets.UTF_8));
    }

    private long nowSeconds() {
        return clock.instant().getEpochSecond();
    }
}
