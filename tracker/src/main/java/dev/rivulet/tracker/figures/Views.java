package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.message.ClientMessage.Rates;
import dev.rivulet.protocol.message.ClientMessage.Share;
import dev.rivulet.tracker.api.Help;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the API answers about figures. Times are seconds since 1970 UTC, sizes bytes. */
final class Views {
    private Views() {}

    /** All at a glance. */
    record Overview(
            @Help("When this was so.") long at,
            @Help("Pages connected now.") long viewers,
            @Help("Edges connected now.") long edges,

            @Help("What pages used in the range, by where they had it from.")
            Bytes bytes,

            @Help("The part of what crossed the network for pages that cost their origins nothing, 0 to 1.")
            double offload,

            @Help("Bytes that origins did not serve; below 0 where edges and indexing cost them more.")
            long savedBytes,

            @Help("At the operator's price per gigabyte (10^9 bytes); null without one.") @Nullable
            Money savedMoney,

            Health health,

            @Help("Contents that somebody connected holds or wants.")
            long swarms,

            @Help("Entries of the catalogs.") long contents) {}

    /** Of pages, but for the last two. */
    record Bytes(
            long store,
            long peers,
            long edges,
            long origin,
            @Help("What edges had from origins.") long edgeOrigin,

            @Help("What the tracker itself had from origins, to index it.")
            long indexOrigin,

            @Help("What pages and edges say that they sent.")
            long uploaded) {}

    record Money(double amount, @Help("ISO 4217.") String currency) {}

    /** What went wrong in the range. */
    record Health(
            @Help("Responses that ended with an error.") long failedFetches,
            @Help("Pieces whose hash was wrong.") long rejectedPieces,

            @Help("How often something that played had to wait.")
            long stalls,

            @Help("How often an origin had other bytes than its entry says.")
            long contradicted) {}

    /** Figures over time. */
    record Series(
            @Help("When the first span begins.") long from,
            @Help("Seconds of a span.") long step,

            @Help("How many spans there are; the last has not ended.")
            int points,

            @Help("Up to when it counts, where the spans of /live go on; null where they do not.") @Nullable
            Long until,

            @Help("For each figure its value in every span, null where nothing is known.")
            Map<String, List<@Nullable Long>> series) {}

    /** A content and what was used of it in the range. */
    record Content(
            String site,
            String content,

            @Help("One of its URLs; null when it is in the catalog no more.") @Nullable
            String url,

            @Nullable Long size,
            @Help("Pages that hold or want it now.") long viewers,
            @Help("Bytes used by pages, wherever from.") long bytes,

            @Help("The part of them that did not come from the origin.")
            double offload) {}

    /** Who holds or wants a content now. */
    record Swarm(String site, String content, @Nullable String url, long viewers, long edges) {}

    /** A swarm's members and how they are connected. */
    record Picture(
            @Help("The first of them, where there are many.")
            List<Member> members,

            @Help("Pairs of ids.") List<List<String>> connections) {}

    record Member(
            @Help("Of one page load, or of one start of an edge.")
            String id,

            @Help("page or edge.") String role,
            @Help("some, or none: it looks for it.") String holds) {}

    /** An edge. */
    record Edge(
            @Help("Of its key; the peer id, where the site wants no keys.")
            String fingerprint,

            @Nullable String name,
            String site,
            boolean online,

            @Help("Since when it is connected; null while it is not.") @Nullable
            Long since,

            @Nullable Long firstSeen,
            @Nullable Long lastSeen,
            @Nullable String version,

            @Help("ISO 3166-1, as its operator says.") @Nullable
            String region,

            Rates rates,
            Share store,
            Share quota,
            long neighbours,
            boolean revoked,
            @Help("Whether it may index.") boolean index,

            @Help("Its HTTP gateway; null without one, and while it is not connected.") @Nullable
            Gateway gateway,

            @Help("ok; suspect: most of its neighbours contradict it; distrusted: it indexed wrongly.")
            String trust) {}

    /** Where an edge serves over HTTP. */
    record Gateway(
            @Help("As it says.") String url,

            @Help("Whether the tracker finds it there; visitors are told of no other.")
            boolean reached) {}

    /** Something that happened. */
    record Event(
            long id,
            long at,
            String kind,
            @Nullable String site,
            String text,
            @Help("info, warn or error.") String level) {}

    /** Somebody whom others contradict. */
    record Discrepancy(
            String site,
            String id,
            String role,
            @Help("Of an edge with a key.") @Nullable String fingerprint,

            @Help("Bytes that it says it sent to those that were compared with it.")
            long claimed,

            @Help("What those say that they received of that.")
            long confirmed,

            long compared,
            @Help("How many of these contradict it.") long disagreeing,
            @Help("Whether most of them do, and several.") boolean suspect) {}

    /** What a live stream says every time. */
    record Live(
            Overview overview,

            @Help("The newest span of ten seconds that has ended.") @Nullable
            Series point) {}
}
