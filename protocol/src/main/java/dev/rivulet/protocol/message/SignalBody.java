package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import org.jspecify.annotations.Nullable;

/** What one peer tells another while they connect (docs/protocol.md, section 5.1, {@code signal}). */
public sealed interface SignalBody {
    /** An SDP offer. */
    record Offer(String sdp) implements SignalBody {
        public Offer {
            Check.text("offer", sdp, 1, Limits.MAX_SDP_CHARS);
        }
    }

    /** An SDP answer. */
    record Answer(String sdp) implements SignalBody {
        public Answer {
            Check.text("answer", sdp, 1, Limits.MAX_SDP_CHARS);
        }
    }

    /**
     * An ICE candidate.
     *
     * @param line the candidate attribute; empty when no more follow
     * @param sdpMid media stream identification
     * @param sdpMLineIndex index of the media description
     */
    record Candidate(
            String line, @Nullable String sdpMid, @Nullable Integer sdpMLineIndex) implements SignalBody {
        public Candidate {
            Check.line("candidate", line, 0, Limits.MAX_CANDIDATE_CHARS);
            Check.optionalLine("sdpMid", sdpMid, 0, Limits.MAX_SDP_MID_CHARS);
            if (sdpMLineIndex != null) {
                Check.range("sdpMLineIndex", sdpMLineIndex, 0, Limits.MAX_SDP_LINE_INDEX);
            }
        }
    }

    /** The sender gives this session up. */
    record Close() implements SignalBody {}
}
