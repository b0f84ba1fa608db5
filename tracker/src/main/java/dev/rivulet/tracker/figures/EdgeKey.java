package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;

/** An edge on a site. */
record EdgeKey(SiteId site, KeyId fingerprint) {}
