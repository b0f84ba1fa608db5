package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.HintWishes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The peers of one site, what they hold and want, and the groups they are in. A peer that lost its connection is kept
 * but not told of, until it is resumed or leaves.
 */
public final class SwarmTable {
    /** Wishes remembered per peer; the oldest goes first. */
    public static final int MAX_WANTED = 256;

    private final RandomGenerator random;
    private final Chooser chooser;
    private final Map<PeerId, Member> members = new HashMap<>();
    private final Map<ContentId, Swarm> swarms = new HashMap<>();
    private final Map<Group, FlatSet<Member>> groups = new HashMap<>();
    private final FlatSet<Member> edges = new FlatSet<>();
    private final Hinting hinting = new Hinting();

    /** An empty table, whose choices draw on {@code random}. */
    public SwarmTable(RandomGenerator random) {
        this.random = random;
        this.chooser = new Chooser(random);
    }

    /** Adds a peer that is not there yet. */
    public void join(PeerId id, Traits traits) {
        Member member = new Member(id, traits);
        if (members.putIfAbsent(id, member) != null) {
            throw new IllegalStateException(id + " is here already");
        }
        if (traits.edge()) {
            edges.add(member);
        }
    }

    /** The peer lost its connection, and may come back. */
    public void suspend(PeerId id) {
        member(id).connected = false;
    }

    /** The peer is back, with the same role. */
    public void resume(PeerId id, Traits traits) {
        change(id, traits);
        member(id).connected = true;
    }

    /** The peer is otherwise now, with the same role. */
    public void change(PeerId id, Traits traits) {
        Member member = member(id);
        if (member.traits.edge() != traits.edge()) {
            throw new IllegalArgumentException(id + " changed its role");
        }
        member.traits = traits;
    }

    /** Forgets the peer and all that it announced. */
    public void leave(PeerId id) {
        Member member = member(id);
        member.held.forEach(swarm -> {
            swarm.holders.remove(member);
            dropIfEmpty(swarm);
        });
        member.wanted.forEach(swarm -> {
            swarm.wanters.remove(member);
            dropIfEmpty(swarm);
        });
        setGroups(member, List.of());
        edges.remove(member);
        members.remove(id);
    }

    /** Takes what changed about the peer. */
    public Announced announce(PeerId id, Announcement announcement) {
        Member member = member(id);
        member.slots = announcement.slots();
        announcement.drop().forEach(content -> release(member, content));
        int refused = 0;
        for (ContentId content : announcement.have()) {
            if (!hold(member, content)) {
                refused++;
            }
        }
        List<Group> now = announcement.groups();
        if (now == null) {
            return new Announced(refused, false);
        }
        boolean newGroup = !member.groups.containsAll(now);
        setGroups(member, now);
        return new Announced(refused, newGroup);
    }

    /** Peers that may serve what is wanted, best first; the asker enters those swarms as one who wants it. */
    public List<Candidate> lookup(PeerId asker, Query query) {
        Member member = member(asker);
        query.contents().forEach(content -> want(member, content));
        List<Swarm> wanted = query.contents().stream()
                .map(swarms::get)
                .filter(swarm -> swarm != null)
                .toList();
        Chooser.Pool pool = chooser.pool(member, wanted, query);
        wanted.forEach(pool::addSwarm);
        addGroups(pool, member);
        pool.addEdges(edges);
        return pool.choose();
    }

    /** Peers of the groups that the asker is in, best first, and edges. */
    public List<Candidate> hint(PeerId asker) {
        Member member = member(asker);
        Chooser.Pool pool = chooser.hintPool(member);
        addGroups(pool, member);
        pool.addEdges(edges);
        return pool.chooseAndAddEdges();
    }

    /** What an edge wants hints of from now on; null: of nothing. */
    public void wishes(PeerId edge, @Nullable HintWishes wishes) {
        Member member = member(edge);
        member.wishes = wishes;
        member.pinWalk = null;
        member.pinsWalked = false;
    }

    /** What edges are to be told of now; to be asked at regular intervals, the time by which {@link Hinting} counts. */
    public List<HintedEdge> hints(Hintable site) {
        return hinting.round(swarms, edges, site);
    }

    /** Whether the peers may signal to each other; both have to be here. */
    public boolean mayMeet(PeerId one, PeerId other) {
        return member(one).traits.mayMeet(member(other).traits);
    }

    /** How many peers are here, those that may come back included. */
    public int size() {
        return members.size();
    }

    /** Contents that somebody holds or wants. */
    public int contents() {
        return swarms.size();
    }

    /** The swarms with most members, the largest first. Looks at all of them. */
    public List<SwarmSize> largest(int most) {
        PriorityQueue<Swarm> smallestFirst = new PriorityQueue<>(Comparator.comparingInt(Swarm::size));
        for (Swarm swarm : swarms.values()) {
            smallestFirst.add(swarm);
            if (smallestFirst.size() > most) {
                smallestFirst.remove();
            }
        }
        return smallestFirst.stream()
                .sorted(Comparator.comparingInt(Swarm::size).reversed())
                .map(SwarmTable::sizeOf)
                .toList();
    }

    /** The size of one swarm. */
    public SwarmSize size(ContentId content) {
        Swarm swarm = swarms.get(content);
        return swarm == null ? new SwarmSize(content, 0, 0) : sizeOf(swarm);
    }

    /** Connected members of a swarm, those that hold something first. */
    public List<SwarmMember> members(ContentId content, int most) {
        List<SwarmMember> found = new ArrayList<>();
        Swarm swarm = swarms.get(content);
        if (swarm == null) {
            return found;
        }
        swarm.holders.forEach(member -> addTo(found, member, true, most));
        swarm.wanters.forEach(member -> addTo(found, member, false, most));
        return found;
    }

    private static void addTo(List<SwarmMember> found, Member member, boolean holds, int most) {
        if (member.connected && found.size() < most) {
            found.add(new SwarmMember(member.id, member.traits.edge(), holds));
        }
    }

    private static SwarmSize sizeOf(Swarm swarm) {
        int[] byRole = new int[2];
        Consumer<Member> count = member -> byRole[member.traits.edge() ? 1 : 0] += member.connected ? 1 : 0;
        swarm.holders.forEach(count);
        swarm.wanters.forEach(count);
        return new SwarmSize(swarm.content, byRole[0], byRole[1]);
    }

    private Member member(PeerId id) {
        Member member = members.get(id);
        if (member == null) {
            throw new IllegalStateException(id + " is not here");
        }
        return member;
    }

    private void addGroups(Chooser.Pool pool, Member member) {
        for (Group group : member.groups) {
            FlatSet<Member> fellows = groups.get(group);
            if (fellows != null) {
                pool.addFellows(fellows);
            }
        }
    }

    private Swarm swarm(ContentId content) {
        return swarms.computeIfAbsent(content, id -> new Swarm(id, random.nextInt()));
    }

    /** False when the peer holds as much as it may. */
    private boolean hold(Member member, ContentId content) {
        Swarm known = swarms.get(content);
        if (known != null && member.held.contains(known)) {
            return true;
        }
        if (member.held.size() >= member.maxHoldings()) {
            return false;
        }
        Swarm swarm = swarm(content);
        member.held.add(swarm);
        swarm.holders.add(member);
        noteDemand(member, content);
        if (member.wanted.remove(swarm)) {
            swarm.wanters.remove(member);
        }
        return true;
    }

    private void release(Member member, ContentId content) {
        Swarm swarm = swarms.get(content);
        if (swarm != null && member.held.remove(swarm)) {
            swarm.holders.remove(member);
            dropIfEmpty(swarm);
        }
    }

    private void want(Member member, ContentId content) {
        Swarm swarm = swarm(content);
        if (member.held.contains(swarm) || !member.wanted.add(swarm)) {
            return;
        }
        swarm.wanters.add(member);
        noteDemand(member, content);
        if (member.wanted.size() > MAX_WANTED) {
            Swarm oldest = member.wanted.iterator().next();
            member.wanted.remove(oldest);
            oldest.wanters.remove(member);
            dropIfEmpty(oldest);
        }
    }

    /** Edges fetch because visitors ask, or because they were told to: that is no demand of their own. */
    private void noteDemand(Member member, ContentId content) {
        if (!member.traits.edge()) {
            hinting.asked(content, member.id);
        }
    }

    private void dropIfEmpty(Swarm swarm) {
        if (swarm.isEmpty()) {
            swarms.remove(swarm.content);
        }
    }

    private void setGroups(Member member, List<Group> now) {
        for (Group old : member.groups) {
            FlatSet<Member> fellows = groups.get(old);
            if (fellows != null && fellows.remove(member) && fellows.isEmpty()) {
                groups.remove(old);
            }
        }
        member.groups = now.stream().distinct().toList();
        member.groups.forEach(
                group -> groups.computeIfAbsent(group, g -> new FlatSet<>()).add(member));
    }
}
