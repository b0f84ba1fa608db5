package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The other peers, as far as fetching needs them. Everything belongs to the loop, callbacks included. */
public interface PeerSources {
    /** How a download ends; exactly one of its methods is called, once, unless it is cancelled. */
    interface Outcome {
        /** All bytes are here, unverified. */
        void received(ByteBuffer bytes);

        /** The peer will not send them: it said so, or has left. */
        void failed(String reason);
    }

    /** A request under way. */
    interface Download {
        /** Loses interest; the outcome hears nothing any more. */
        void cancel();

        /** As {@link #cancel}, because the peer took too long. */
        void expire();
    }

    /** Has peers say what they hold of a content, now and as it changes, those that connect later as well. */
    void follow(ContentId content);

    /** Ends {@link #follow}. */
    void unfollow(ContentId content);

    /** The connected peers that say they hold a piece of a content followed, in no particular order. */
    List<PeerSource> holders(ContentId content, int piece);

    /** The connected peers that say they hold any piece of a content followed, in no particular order. */
    List<PeerSource> holders(ContentId content);

    /** Whether a connected peer that does not choke was asked what it holds of a content followed, and has not said yet. */
    boolean isUnsaid(ContentId content);

    /**
     * Looks for holders of a content followed, at the tracker, and connects to a few of them.
     *
     * @param settled is run once, when everybody who was found or was connected before has said what it holds, or has
     *     turned out unreachable, or will not be waited for
     */
    void search(ContentId content, Runnable settled);

    /** Asks a peer for a whole piece. It is one of {@link #holders} with room, or else the request fails, later. */
    Download requestPiece(PeerId peer, ContentId content, int piece, int bytes, Outcome outcome);

    /** Asks a peer for a layout of so many bytes, as {@link #requestPiece} does for a piece. */
    Download requestLayout(PeerId peer, ContentId content, int bytes, Outcome outcome);

    /** A peer provably sent wrong bytes: ends the connection, tells the tracker, and does not meet it again. */
    void condemn(PeerId peer, ContentId content, int piece);

    /** The own id; null before there is one. */
    @Nullable
    PeerId self();

    /**
     * The connected peers that want a content followed as well, do not hold a piece of it as far as they said, and have
     * not asked for it here.
     */
    List<Rival> rivals(ContentId content, int piece);

    /** Takes note that the origin was asked for a piece, and tells who wants the content. */
    void fetching(ContentId content, int piece);

    /** Ends {@link #fetching}; who was told is told when the piece is not {@code held} after all. */
    void fetched(ContentId content, int piece, boolean held);

    /** Sets whom to tell, later, that holders or their room have changed. */
    void onChange(Runnable changed);

    /** Sets who hears what peers say of contents followed. */
    void onNews(News hears);

    /** What peers say of a content followed. */
    interface News {
        /** A peer has asked the origin for pieces, or, to {@code stop}, will not get them after all. */
        void fetching(PeerId peer, ContentId content, List<Integer> pieces, boolean stop);

        /** A peer has said what it holds, or that it holds more. */
        void told(PeerId peer, ContentId content);

        /** A peer has left. */
        void gone(PeerId peer);
    }
}
