package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage.LinkCounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends of connections say of them, compared. Pure; not for several threads.
 *
 * <p>Both say the sums of the present connection, which only grow. So who speaks later has to have received at least what
 * the other had sent when it spoke, but for what was under way, and to have sent at least what the other had received.
 * Where that does not hold, one of the two lies, and it is not known which. Who disagrees with several of those that it
 * was compared with, and with most of them, is suspect: for an honest one to look so, most of its neighbours would have
 * to be liars.
 */
final class Claims {
    /** Whose statements are remembered; of who comes later nothing is compared. */
    static final int MAX_PEERS = 10_000;
    /** What may be under way, or lost with a connection: that much, and a part of the sum. */
    static final long SLACK_BYTES = 4 << 20;

    static final double SLACK_SHARE = 0.05;
    /** With how many others one has to disagree to be suspect. */
    static final int MIN_DISAGREEING = 3;
    /** Compared neighbours remembered of each peer; the oldest goes first. */
    static final int MAX_COMPARED = 256;

    /**
     * How one's word stands beside a neighbour's. Who speaks judges what the other said before, not what it says itself:
     * so nobody who claims too much is believed for saying it again.
     *
     * @param claimed bytes that the one said it sent to the other
     * @param confirmed how many of them the other said it received
     * @param contradicted whether the other, when it last spoke, contradicted the one
     * @param contradicts whether the one, when it last spoke, contradicted the other
     */
    private record Comparison(long claimed, long confirmed, boolean contradicted, boolean contradicts) {
        private static final Comparison NONE = new Comparison(0, 0, false, false);

        Comparison judged(long claimed, long confirmed, boolean contradicted) {
            return new Comparison(claimed, confirmed, contradicted, contradicts);
        }

        Comparison judges(long claimed, long confirmed, boolean contradicts) {
            return new Comparison(claimed, confirmed, contradicted, contradicts);
        }

        boolean disagree() {
            return contradicted || contradicts;
        }
    }

    private static final class Speaker {
        final Map<PeerId, LinkCounts> said = new LinkedHashMap<>();
        /** Others whose last words were of a connection that has been replaced since. */
        final Map<PeerId, Boolean> stale = new HashMap<>();

        final Map<PeerId, Comparison> compared = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<PeerId, Comparison> eldest) {
                return size() > MAX_COMPARED;
            }
        };
    }

    /**
     * How a peer's word stands.
     *
     * @param claimed bytes that it says it sent to those that it was compared with
     * @param confirmed what these say that they received, as far as claimed
     * @param compared neighbours that it was compared with
     * @param disagreeing those of them whose word contradicts its own
     */
    record Standing(PeerId peer, long claimed, long confirmed, int compared, int disagreeing) {
        boolean suspect() {
            return disagreeing >= MIN_DISAGREEING && 2 * disagreeing > compared;
        }
    }

    private final Map<PeerId, Speaker> speakers = new HashMap<>();

    /** A peer says what it exchanged with its neighbours. */
    void said(PeerId from, Collection<LinkCounts> links) {
        Speaker speaker = speakers.get(from);
        if (speaker == null) {
            if (speakers.size() >= MAX_PEERS) {
                return;
            }
            speaker = new Speaker();
            speakers.put(from, speaker);
        }
        Map<PeerId, LinkCounts> before = new HashMap<>(speaker.said);
        speaker.said.clear();
        for (LinkCounts link : links) {
            if (!link.peer().equals(from)) {
                speaker.said.put(link.peer(), link);
                heard(from, speaker, before.get(link.peer()), link);
            }
        }
    }

    private void heard(PeerId from, Speaker speaker, @Nullable LinkCounts before, LinkCounts now) {
        Speaker other = speakers.get(now.peer());
        LinkCounts theirs = other == null ? null : other.said.get(from);
        if (before != null && (now.down() < before.down() || now.up() < before.up())) {
            // Connected anew: what the other said last was of the former connection.
            speaker.stale.put(now.peer(), true);
        }
        if (other == null || theirs == null) {
            return;
        }
        other.stale.remove(from);
        if (speaker.stale.containsKey(now.peer())) {
            return;
        }
        boolean contradicts = exceeds(theirs.up(), now.down()) || exceeds(theirs.down(), now.up());
        long had = Math.min(theirs.up(), now.down());
        long gave = Math.min(now.up(), theirs.down());
        other.compared.compute(from, (peer, was) -> orNone(was).judged(theirs.up(), had, contradicts));
        speaker.compared.compute(now.peer(), (peer, was) -> orNone(was).judges(now.up(), gave, contradicts));
    }

    private static Comparison orNone(@Nullable Comparison was) {
        return was == null ? Comparison.NONE : was;
    }

    /** Whether one end had more, earlier, than the other end could have meant. */
    private static boolean exceeds(long earlier, long later) {
        return earlier > later + SLACK_BYTES + SLACK_SHARE * later;
    }

    /** Whether both ends, or one, say that they are connected. */
    boolean connected(PeerId one, PeerId other) {
        return says(one, other) || says(other, one);
    }

    private boolean says(PeerId one, PeerId other) {
        Speaker speaker = speakers.get(one);
        return speaker != null && speaker.said.containsKey(other);
    }

    /** How many neighbours it says that it has; at most as many as a report may name. */
    int neighbours(PeerId peer) {
        Speaker speaker = speakers.get(peer);
        return speaker == null ? 0 : speaker.said.size();
    }

    /** Those with whom somebody disagrees, most first. */
    List<Standing> disagreeing() {
        List<Standing> standings = new ArrayList<>();
        speakers.keySet().forEach(peer -> standings.add(standing(peer)));
        return standings.stream()
                .filter(standing -> standing.disagreeing() > 0)
                .sorted(Comparator.comparingInt(Standing::disagreeing)
                        .reversed()
                        .thenComparing(Standing::peer))
                .toList();
    }

    Standing standing(PeerId peer) {
        Speaker speaker = speakers.get(peer);
        Collection<Comparison> compared = speaker == null ? List.of() : speaker.compared.values();
        return new Standing(
                peer,
                compared.stream().mapToLong(Comparison::claimed).sum(),
                compared.stream().mapToLong(Comparison::confirmed).sum(),
                compared.size(),
                (int) compared.stream().filter(Comparison::disagree).count());
    }

    /** Forgets all who are not here any more, but keeps what others were found to have said of them. */
    void keepOnly(Set<PeerId> here) {
        speakers.keySet().retainAll(here);
        speakers.values().forEach(speaker -> {
            speaker.said.keySet().retainAll(here);
            speaker.stale.keySet().retainAll(here);
        });
    }
}
