package dev.rivulet.tracker.site;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.tracker.event.Events;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Keeps tokens in memory. */
public final class FakeTokens implements TokenKeeper {
    final List<IssuedToken> kept = new ArrayList<>();

    /** Nothing issued yet. */
    public static IssuedTokens issued(InstantSource clock) {
        return new FakeTokens().open(clock);
    }

    IssuedTokens open(InstantSource clock) {
        try {
            return new IssuedTokens(this, Runnable::run, clock, Events.none());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public List<IssuedToken> all() {
        return List.copyOf(kept);
    }

    @Override
    public void put(IssuedToken token) {
        kept.add(token);
    }

    @Override
    public void bind(String id, KeyId edge) {
        kept.replaceAll(token -> token.id().equals(id) ? token.boundTo(edge) : token);
    }

    @Override
    public void delete(String id) {
        kept.removeIf(token -> token.id().equals(id));
    }
}
