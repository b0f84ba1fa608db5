package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.EdgeProof;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a tracker sends (docs/protocol.md, section 5.2). */
public sealed interface TrackerMessage
        permits TrackerMessage.Welcome,
                TrackerMessage.Peers,
                TrackerMessage.Signal,
                TrackerMessage.HeadUpdate,
                TrackerMessage.BatchUpdate,
                TrackerMessage.PolicyUpdate,
                TrackerMessage.IceUpdate,
                TrackerMessage.Challenge,
                TrackerMessage.Revoked,
                TrackerMessage.ErrorMessage,
                IndexRequest,
                IndexStop,
                Hints,
                HttpCheck,
                HttpChecked,
                Unknown {

    /**
     * The answer to a hello.
     *
     * @param peer the client's peer id
     * @param resume gives the same peer id back after a short loss
     * @param trackers base URLs of other trackers
     */
    record Welcome(
            PeerId peer,
            String resume,
            List<IceServer> ice,
            SitePolicy policy,
            List<ResourceUrl> trackers,
            CatalogBody catalog)
            implements TrackerMessage {
        public Welcome {
            Check.line("resume", resume, 1, Limits.MAX_RESUME_CHARS);
            ice = Check.list("ice", ice, 0, Limits.MAX_ICE_SERVERS);
            trackers = Bases.check("trackers", trackers, Limits.MAX_TRACKERS);
            catalog = catalog.withoutPolicy();
        }
    }

    /** As an {@code RTCIceServer} of WebRTC. */
    record IceServer(
            List<String> urls,
            @Nullable String username,
            @Nullable String credential) {
        public IceServer {
            urls = Check.list("urls", urls, 1, Limits.MAX_ICE_URLS);
            for (int i = 0; i < urls.size(); i++) {
                Check.line("urls[" + i + "]", urls.get(i), 1, Limits.MAX_ICE_CHARS);
            }
            Check.optionalLine("username", username, 1, Limits.MAX_ICE_CHARS);
            Check.optionalLine("credential", credential, 1, Limits.MAX_ICE_CHARS);
        }
    }

    /**
     * Whom to connect to.
     *
     * @param id of the lookup that it answers; null for a hint of the tracker's own
     * @param peers in order of preference
     * @param http base URLs of further holders
     */
    record Peers(@Nullable Long id, List<Candidate> peers, List<ResourceUrl> http) implements TrackerMessage {
        public Peers {
            if (id != null) {
                Check.u32("id", id);
            }
            peers = Check.list("peers", peers, 0, Limits.MAX_PEERS);
            http = Bases.check("http", http, Limits.MAX_HTTP_HOLDERS);
        }
    }

    /**
     * A peer worth connecting to.
     *
     * @param holds those of the lookup's contents that it holds
     * @param http base URL where an edge serves pieces
     */
    record Candidate(
            PeerId id,
            Role role,
            List<ContentId> holds,
            @Nullable ResourceUrl http) {
        public Candidate {
            holds = Check.list("holds", holds, 0, Limits.MAX_LOOKUP_IDS);
            Check.that(http == null || http.isBase(), "http", "not a base URL");
        }
    }

    /**
     * From another peer.
     *
     * @param role of the sender, so that a visitor who meets edges only can refuse other pages
     */
    record Signal(PeerId from, Role role, String session, SignalBody body) implements TrackerMessage {
        public Signal {
            Check.line("session", session, 1, Limits.MAX_SESSION_CHARS);
        }
    }

    /** A new head. */
    record HeadUpdate(CatalogBody catalog) implements TrackerMessage {
        public HeadUpdate {
            catalog = catalog.withoutPolicy();
        }
    }

    /** A new batch, as a JWS text. */
    record BatchUpdate(String batch) implements TrackerMessage {
        public BatchUpdate {
            Check.line("batch", batch, 1, Limits.MAX_JWS_CHARS);
        }
    }

    /** The site's policy changed. */
    record PolicyUpdate(SitePolicy policy) implements TrackerMessage {}

    /** The servers for connections made from now on, in place of the welcome's. */
    record IceUpdate(List<IceServer> ice) implements TrackerMessage {
        public IceUpdate {
            ice = Check.list("ice", ice, 0, Limits.MAX_ICE_SERVERS);
        }
    }

    /**
     * To an edge that named a key: show that you have it.
     *
     * @param challenge {@value EdgeProof#CHALLENGE_BYTES} random bytes, base64url
     */
    record Challenge(String challenge) implements TrackerMessage {
        public Challenge {
            Check.that(EdgeProof.isChallenge(challenge), "challenge", "not a challenge");
        }
    }

    /** An edge was revoked: connections to it end, and it is not met again. */
    record Revoked(PeerId peer) implements TrackerMessage {}

    /**
     * Something went wrong.
     *
     * @param fatal whether a close follows
     * @param id of the lookup
     * @param to of the signal
     */
    record ErrorMessage(
            String code,
            String message,
            boolean fatal,
            @Nullable Long id,
            @Nullable PeerId to) implements TrackerMessage {
        /** A signal to somebody who left. */
        public static final String UNKNOWN_PEER = "unknown-peer";
        /** More than allowed. */
        public static final String LIMIT = "limit";
        /** Not this client, or not this. */
        public static final String NOT_ALLOWED = "not-allowed";

        public ErrorMessage {
            Check.line("code", code, 1, Limits.MAX_ERROR_CODE_CHARS);
            Check.line("message", message, 0, Limits.MAX_ERROR_MESSAGE_CHARS);
            if (id != null) {
                Check.u32("id", id);
            }
        }
    }
}
