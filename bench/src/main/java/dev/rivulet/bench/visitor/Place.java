package dev.rivulet.bench.visitor;

import dev.rivulet.protocol.id.SiteId;
import java.net.URI;
import java.util.List;

/**
 * Where visitors go, and what they do there.
 *
 * @param requests over each connection; who stays makes as many as come
 * @param paceMillis between two requests of one who stays
 * @param window requests that one visitor has open at a time
 */
record Place(
        URI tracker,
        SiteId site,
        String origin,
        List<Piece> pieces,
        int requests,
        boolean staying,
        long paceMillis,
        int window) {}
