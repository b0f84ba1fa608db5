package dev.rivulet.edge.transfer;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.origin.OriginFetcher;
import dev.rivulet.edge.store.PieceStore;

/** Where pieces are said to exist, come from and go to. */
public record Places(
        SiteCatalog catalog, PieceStore store, PeerSources peers, OriginFetcher origin, LayoutFetcher tracker) {}
