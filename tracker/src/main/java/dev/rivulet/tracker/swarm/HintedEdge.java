package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.Hints.Hint;
import java.util.List;

/** An edge, and what it is to be told of. */
public record HintedEdge(PeerId edge, List<Hint> hints) {}
