package dev.rivulet.edge.peer.webrtc;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.rivulet.protocol.message.SignalBody;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offer, answer and trickled candidates of one connection. All methods belong to the native thread. */
final class Negotiation {
    /** The most remote candidates that are tried; a host has a few per network interface. */
    static final int MAX_REMOTE_CANDIDATES = 64;

    private static final Logger log = LoggerFactory.getLogger(Negotiation.class);

    private final RTCPeerConnection connection;
    private final Host host;
    private final List<RTCIceCandidate> early = new ArrayList<>();
    private boolean remoteKnown;
    private boolean remoteGiven;
    private int candidates;

    /** What a negotiation needs of its link; any thread may call. */
    interface Host {
        /** Runs on the native thread, later, unless the link has ended by then. */
        void whileAlive(NativeThread.Work work);

        /** Takes a signal for the other side; on the native thread. */
        void signalled(SignalBody local);

        /** The negotiation cannot succeed. */
        void failed(String reason);
    }

    Negotiation(RTCPeerConnection connection, Host host) {
        this.connection = connection;
        this.host = host;
    }

    /** Begins as the side that offers. */
    void offer() {
        connection.createOffer(new RTCOfferOptions(), new Created(made -> {
            connection.setLocalDescription(made, new Applied(() -> {}));
            host.signalled(new SignalBody.Offer(made.sdp));
        }));
    }

    /** Begins as the side that answers. */
    void answer(SignalBody.Offer offer) {
        remoteGiven = true;
        setRemote(
                RTCSdpType.OFFER,
                offer.sdp(),
                () -> connection.createAnswer(new RTCAnswerOptions(), new Created(made -> {
                    connection.setLocalDescription(made, new Applied(() -> {}));
                    host.signalled(new SignalBody.Answer(made.sdp));
                })));
    }

    /** Takes what the other side signalled; what does not fit is ignored. */
    void take(SignalBody remote) {
        if (remote instanceof SignalBody.Answer answer && !remoteGiven) {
            remoteGiven = true;
            setRemote(RTCSdpType.ANSWER, answer.sdp(), () -> {});
        } else if (remote instanceof SignalBody.Candidate candidate
                && !candidate.line().isEmpty()) {
            addCandidate(candidate);
        }
    }

    private void setRemote(RTCSdpType type, String sdp, Runnable then) {
        if (!isOfDataChannels(sdp)) {
            host.failed("the peer describes more than data channels");
            return;
        }
        connection.setRemoteDescription(new RTCSessionDescription(type, sdp), new Applied(() -> {
            remoteKnown = true;
            early.forEach(this::add);
            early.clear();
            then.run();
        }));
    }

    /** Whether it has the one section that all data channels share, and none of sound or pictures. */
    static boolean isOfDataChannels(String sdp) {
        List<String> sections =
                sdp.lines().filter(line -> line.startsWith("m=")).toList();
        return sections.size() == 1 && sections.get(0).startsWith("m=application ");
    }

    private void addCandidate(SignalBody.Candidate candidate) {
        if (++candidates > MAX_REMOTE_CANDIDATES) {
            return;
        }
        String mid = candidate.sdpMid() == null ? "" : candidate.sdpMid();
        int index = candidate.sdpMLineIndex() == null ? 0 : candidate.sdpMLineIndex();
        RTCIceCandidate parsed = new RTCIceCandidate(mid, index, candidate.line());
        if (remoteKnown) {
            add(parsed);
        } else {
            early.add(parsed);
        }
    }

    private void add(RTCIceCandidate candidate) {
        try {
            connection.addIceCandidate(candidate);
        } catch (RuntimeException | Error e) {
            // The library throws java.lang.Error at what it cannot parse. Other candidates may do.
            log.debug("an ICE candidate is refused: {}", e.getClass().getName());
        }
    }

    /** Hands the library's answer over to the native thread; its methods are called on the library's threads. */
    private final class Created implements CreateSessionDescriptionObserver {
        private final Consumer<RTCSessionDescription> then;

        Created(Consumer<RTCSessionDescription> then) {
            this.then = then;
        }

        @Override
        public void onSuccess(RTCSessionDescription description) {
            host.whileAlive(() -> then.accept(description));
        }

        @Override
        public void onFailure(String error) {
            host.failed("no description: " + error);
        }
    }

    /** As {@link Created}. */
    private final class Applied implements SetSessionDescriptionObserver {
        private final Runnable then;

        Applied(Runnable then) {
            this.then = then;
        }

        @Override
        public void onSuccess() {
            host.whileAlive(then::run);
        }

        @Override
        public void onFailure(String error) {
            host.failed("description refused: " + error);
        }
    }
}
