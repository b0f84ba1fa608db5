package dev.rivulet.tracker.site;

import dev.rivulet.protocol.id.KeyId;
import java.io.IOException;
import java.util.List;

/** Keeps the tokens that were issued, durably. May block. */
public interface TokenKeeper {
    /** All that were put and not deleted. */
    List<IssuedToken> all() throws IOException;

    /** Keeps a new one. */
    void put(IssuedToken token) throws IOException;

    /** Remembers which edge came with it. */
    void bind(String id, KeyId edge) throws IOException;

    /** Forgets it. */
    void delete(String id) throws IOException;
}
