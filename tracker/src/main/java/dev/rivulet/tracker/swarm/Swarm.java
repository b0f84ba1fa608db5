package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ContentId;

/** The peers of the site that hold or want one content id. */
final class Swarm {
    final ContentId content;
    final FlatSet<Member> holders = new FlatSet<>();
    final FlatSet<Member> wanters = new FlatSet<>();

    private final int hash;

    /** Takes its hash code, since those of content ids could be chosen by whoever announces them. */
    Swarm(ContentId content, int hash) {
        this.content = content;
        this.hash = hash;
    }

    int size() {
        return holders.size() + wanters.size();
    }

    boolean isEmpty() {
        return holders.isEmpty() && wanters.isEmpty();
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }
}
