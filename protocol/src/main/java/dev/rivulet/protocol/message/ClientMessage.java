package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a page or an edge sends to a tracker (docs/protocol.md, section 5.1). */
public sealed interface ClientMessage
        permits ClientMessage.Hello,
                ClientMessage.Announce,
                ClientMessage.Lookup,
                ClientMessage.Signal,
                ClientMessage.Missing,
                ClientMessage.Report,
                IndexHashes,
                Indexed,
                ClientMessage.Proof,
                HttpReady,
                Unknown {

    /**
     * The first message.
     *
     * @param agent name and version, for statistics
     * @param token of an edge that is enrolled
     * @param resume from an earlier welcome, to get the same peer id again
     * @param http base URL where an edge serves pieces
     * @param mode the visitor's own tightening: {@code OPEN} or {@code EDGES}
     * @param key an edge's identity, of which the tracker wants a {@link Proof}
     * @param hints what an edge wants hints of; null: of nothing
     */
    record Hello(
            SiteId site,
            Role role,
            String agent,
            @Nullable String token,
            @Nullable String resume,
            List<String> features,
            @Nullable ResourceUrl http,
            @Nullable PrivacyMode mode,
            @Nullable PublicKey key,
            @Nullable HintWishes hints)
            implements ClientMessage {
        public Hello {
            Check.line("agent", agent, 0, Limits.MAX_AGENT_CHARS);
            Check.optionalLine("token", token, 1, Limits.MAX_TOKEN_CHARS);
            Check.optionalLine("resume", resume, 1, Limits.MAX_RESUME_CHARS);
            features = Features.check(features);
            Check.that(http == null || http.isBase(), "http", "not a base URL");
            Check.that(mode != PrivacyMode.OBLIVIOUS, "mode", "neither open nor edges");
        }

        /** Without an identity, as pages are. */
        public Hello(
                SiteId site,
                Role role,
                String agent,
                @Nullable String token,
                @Nullable String resume,
                List<String> features,
                @Nullable ResourceUrl http,
                @Nullable PrivacyMode mode) {
            this(site, role, agent, token, resume, features, http, mode, null, null);
        }

        /** Without hints. */
        public Hello(
                SiteId site,
                Role role,
                String agent,
                @Nullable String token,
                @Nullable String resume,
                List<String> features,
                @Nullable ResourceUrl http,
                @Nullable PrivacyMode mode,
                @Nullable PublicKey key) {
            this(site, role, agent, token, resume, features, http, mode, key, null);
        }

        /** For logs: leaves out what lets somebody be this client. */
        @Override
        public String toString() {
            return "Hello[site=" + site + ", role=" + role + ", agent=" + agent + ", features=" + features + "]";
        }
    }

    /** The answer to a challenge: the JWS of an {@link dev.rivulet.protocol.catalog.EdgeProof}. */
    record Proof(String proof) implements ClientMessage {
        public Proof {
            Check.line("proof", proof, 1, Limits.MAX_JWS_CHARS);
        }
    }

    /**
     * What changed in the holdings since the last one; {@code drop} applies before {@code have}.
     *
     * @param groups all the groups the peer is in; null leaves the former list
     * @param slots free upload slots
     */
    record Announce(
            List<ContentId> have,
            List<ContentId> drop,
            @Nullable List<Group> groups,
            int slots) implements ClientMessage {
        public Announce {
            have = Check.list("have", have, 0, Limits.MAX_ANNOUNCE_IDS);
            drop = Check.list("drop", drop, 0, Limits.MAX_ANNOUNCE_IDS);
            groups = Check.optionalList("groups", groups, 0, Limits.MAX_GROUPS);
            Check.range("slots", slots, 0, Limits.MAX_SLOTS);
        }
    }

    /**
     * Asks for peers that hold some of {@code contents}, whose swarms it enters.
     *
     * @param id comes back in the answer
     * @param count how many peers at most
     * @param exclude peers already connected
     */
    record Lookup(long id, List<ContentId> contents, int count, List<PeerId> exclude) implements ClientMessage {
        public Lookup {
            Check.u32("id", id);
            contents = Check.list("contents", contents, 1, Limits.MAX_LOOKUP_IDS);
            Check.range("count", count, 1, Limits.MAX_PEERS);
            exclude = Check.list("exclude", exclude, 0, Limits.MAX_EXCLUDED_PEERS);
        }
    }

    /** To be passed on to another peer. */
    record Signal(PeerId to, String session, SignalBody body) implements ClientMessage {
        public Signal {
            Check.line("session", session, 1, Limits.MAX_SESSION_CHARS);
        }
    }

    /** URLs that match the site's patterns and have no entry. */
    record Missing(List<ResourceUrl> urls) implements ClientMessage {
        public Missing {
            urls = Check.list("urls", urls, 1, Limits.MAX_MISSING_URLS);
        }
    }

    /**
     * What happened since the last report.
     *
     * @param bad pieces that peers provably sent wrong
     * @param contradicted URLs whose origin answered with other bytes than their entry says
     * @param edge how the edge that says so is now
     */
    record Report(
            @Nullable ByteCounts bytes,
            @Nullable PieceCounts pieces,
            List<BadPiece> bad,
            List<ResourceUrl> contradicted,
            Observed observed,
            @Nullable EdgeState edge)
            implements ClientMessage {
        public Report {
            bad = Check.list("bad", bad, 0, Limits.MAX_BAD_PIECES);
            contradicted = Check.list("contradicted", contradicted, 0, Limits.MAX_CONTRADICTED_URLS);
        }

        /** Without details. */
        public Report(
                @Nullable ByteCounts bytes,
                @Nullable PieceCounts pieces,
                List<BadPiece> bad,
                List<ResourceUrl> contradicted) {
            this(bytes, pieces, bad, contradicted, Observed.NOTHING, null);
        }
    }

    /**
     * What a report says for figures alone.
     *
     * @param stalls how often something that played had to wait for more
     * @param failed responses that ended with an error
     * @param links neighbours connected now
     * @param contents what was used of which content since the last report
     */
    record Observed(long stalls, long failed, List<LinkCounts> links, List<ContentCounts> contents) {
        /** Of a report that says nothing of this. */
        public static final Observed NOTHING = new Observed(0, 0, List.of(), List.of());

        public Observed {
            Check.count("stalls", stalls);
            Check.count("failed", failed);
            links = Check.list("links", links, 0, Limits.MAX_REPORT_LINKS);
            contents = Check.list("contents", contents, 0, Limits.MAX_REPORT_CONTENTS);
        }
    }

    /** Payload bytes received from and sent to a neighbour over the present connection, so far. */
    record LinkCounts(PeerId peer, long down, long up) {
        public LinkCounts {
            Check.count("down", down);
            Check.count("up", up);
        }
    }

    /** Verified bytes of a content, and those of them that came from the origin. */
    record ContentCounts(ContentId content, long bytes, long origin) {
        public ContentCounts {
            Check.count("bytes", bytes);
            Check.count("origin", origin);
        }
    }

    /**
     * How an edge is, in its own words.
     *
     * @param name that its operator gave it
     * @param region its country, as ISO 3166-1 has it in two capital letters
     * @param store bytes on the disk
     * @param quota bytes sent and received this month
     * @param rates bytes per second of late
     */
    record EdgeState(@Nullable String name, @Nullable String region, Share store, Share quota, Rates rates) {
        private static final Pattern REGION = Pattern.compile("[A-Z]{2}");

        public EdgeState {
            Check.optionalLine("name", name, 1, Limits.MAX_EDGE_NAME_CHARS);
            Check.that(isRegion(region), "region", "not two capital letters");
        }

        /** Whether it has the form of one; none is none. */
        public static boolean isRegion(@Nullable String region) {
            return region == null || REGION.matcher(region).matches();
        }
    }

    /** What is used of what may be; at most 0 is no limit. */
    record Share(long used, long max) {
        public Share {
            Check.count("used", used);
            Check.count("max", max);
        }
    }

    /** Bytes per second. */
    record Rates(long up, long down) {
        public Rates {
            Check.count("up", up);
            Check.count("down", down);
        }
    }

    /** Payload bytes by where they came from, and those uploaded. */
    record ByteCounts(long store, long peers, long edges, long origin, long uploaded) {
        public ByteCounts {
            Check.count("store", store);
            Check.count("peers", peers);
            Check.count("edges", edges);
            Check.count("origin", origin);
            Check.count("uploaded", uploaded);
        }
    }

    /** Pieces by what their hash said. */
    record PieceCounts(long verified, long rejected) {
        public PieceCounts {
            Check.count("verified", verified);
            Check.count("rejected", rejected);
        }
    }

    /** A piece that a peer provably sent wrong. */
    record BadPiece(PeerId peer, ContentId content, int piece) {
        public BadPiece {
            Check.range("piece", piece, 0, Limits.MAX_PIECES - 1);
        }
    }
}
