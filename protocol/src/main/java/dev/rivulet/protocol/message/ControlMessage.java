package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.ShardHash;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What peers send each other on the control channel (docs/protocol.md, section 6.2). */
public sealed interface ControlMessage
        permits ControlMessage.Hello,
                ControlMessage.Want,
                ControlMessage.Have,
                ControlMessage.Fetching,
                ControlMessage.Request,
                ControlMessage.Cancel,
                ControlMessage.Reject,
                ControlMessage.Choke,
                ControlMessage.Unchoke,
                ControlMessage.LayoutRequest,
                ControlMessage.LayoutAnswer,
                ControlMessage.ShardRequest,
                ControlMessage.ShardAnswer,
                ControlMessage.Ping,
                ControlMessage.Close,
                Unknown {

    /** The only version there is. */
    int VERSION = 1;

    /**
     * The first message of either side.
     *
     * @param outstanding requests that this peer accepts at once
     * @param credit the most bytes that it will have requested at once
     */
    record Hello(int version, String agent, List<String> features, int outstanding, long credit)
            implements ControlMessage {
        public Hello {
            Check.range("version", version, VERSION, VERSION);
            Check.line("agent", agent, 0, Limits.MAX_AGENT_CHARS);
            features = Features.check(features);
            Check.range("outstanding", outstanding, 1, Limits.MAX_OUTSTANDING_REQUESTS);
            Check.count("credit", credit);
        }
    }

    /** Tell me what you hold of these, now and as it changes; {@code stop} ends that. */
    record Want(List<ContentId> contents, boolean stop) implements ControlMessage {
        public Want {
            contents = Check.list("contents", contents, 1, Limits.MAX_WANT_IDS);
        }
    }

    /** What the sender holds of a content. */
    record Have(ContentId content, Holding holding) implements ControlMessage {}

    /**
     * The sender has asked the origin for these pieces and will soon hold them; {@code stop}: it will not after all.
     */
    record Fetching(ContentId content, List<Integer> pieces, boolean stop) implements ControlMessage {
        public Fetching {
            pieces = Holding.pieces("pieces", pieces);
        }
    }

    /**
     * Asks for a piece or a part of it.
     *
     * @param id chosen by the requester, not reused while under way
     * @param part null for all of the piece
     * @param url lets an edge pull the piece through
     */
    record Request(
            long id,
            ContentId content,
            int piece,
            @Nullable Part part,
            @Nullable ResourceUrl url) implements ControlMessage {
        public Request {
            Check.u32("id", id);
            Check.range("piece", piece, 0, Limits.MAX_PIECES - 1);
        }
    }

    /** A part of a piece; {@code begin} is a multiple of {@value Limits#MAX_BLOCK_BYTES}. */
    record Part(int begin, int length) {
        public Part {
            Check.range("begin", begin, 0, Limits.MAX_PIECE_BYTES - 1);
            Check.that(begin % Limits.MAX_BLOCK_BYTES == 0, "begin", "not a multiple of the block length");
            Check.range("length", length, 1, Limits.MAX_PIECE_BYTES - begin);
        }
    }

    /** The requester has lost interest. */
    record Cancel(long id) implements ControlMessage {
        public Cancel {
            Check.u32("id", id);
        }
    }

    /** The request will not be served. */
    record Reject(long id, RejectReason reason) implements ControlMessage {
        public Reject {
            Check.u32("id", id);
        }
    }

    /** Why a request is not served. */
    enum RejectReason {
        /** Later perhaps. */
        BUSY,
        /** Not held any more. */
        GONE,
        /** More than was agreed. */
        LIMIT,
        /** Never heard of. */
        UNKNOWN;

        /** As the wire names it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static RejectReason parse(String text) throws DecodeException {
            return Arrays.stream(values())
                    .filter(reason -> reason.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new DecodeException("reason", "not a reason"));
        }
    }

    /** The sender serves no requests until {@link Unchoke}. */
    record Choke() implements ControlMessage {}

    /** The sender serves requests again. */
    record Unchoke() implements ControlMessage {}

    /** Asks for a layout. */
    record LayoutRequest(long id, ContentId content) implements ControlMessage {
        public LayoutRequest {
            Check.u32("id", id);
        }
    }

    /** The layout's bytes follow as blocks. */
    record LayoutAnswer(long id, int length) implements ControlMessage {
        public LayoutAnswer {
            Check.u32("id", id);
            Check.range("length", length, 1, Limits.MAX_LAYOUT_BYTES);
        }
    }

    /** Asks for a shard or an index. */
    record ShardRequest(long id, ShardHash hash) implements ControlMessage {
        public ShardRequest {
            Check.u32("id", id);
        }
    }

    /** The bytes of the shard or index follow as blocks. */
    record ShardAnswer(long id, int length) implements ControlMessage {
        public ShardAnswer {
            Check.u32("id", id);
            Check.range("length", length, 1, Limits.MAX_INDEX_BYTES);
        }
    }

    /** Are you there; {@code reply} marks the answer, which has the same nonce. */
    record Ping(long nonce, boolean reply) implements ControlMessage {
        public Ping {
            Check.u32("nonce", nonce);
        }
    }

    /** The last message. */
    record Close(int code, String reason) implements ControlMessage {
        private static final int LEAST_CODE = 4000;
        private static final int MOST_CODE = 4999;

        public Close {
            Check.range("code", code, LEAST_CODE, MOST_CODE);
            Check.line("reason", reason, 0, Limits.MAX_CLOSE_REASON_CHARS);
        }

        /** With one of our codes. */
        public static Close of(PeerCloseCode code, String reason) {
            return new Close(code.code(), reason);
        }
    }
}
