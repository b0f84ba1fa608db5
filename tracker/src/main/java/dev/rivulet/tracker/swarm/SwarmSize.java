package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ContentId;

/** How many connected peers hold or want a content. */
public record SwarmSize(ContentId content, int pages, int edges) {}
