package dev.rivulet.edge.peer;

import dev.rivulet.protocol.message.SignalBody;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Two links whose signals reach each other, begun by the first. */
public final class LinkPair {
    public final LinkProbe first;
    public final LinkProbe second;
    public final PeerLink offering;
    private final PeerLinkFactory secondHost;
    private final UnaryOperator<PeerLink.Listener> secondListener;
    private final List<SignalBody> forOffering = new ArrayList<>();
    private PeerLink answering;

    private LinkPair(
            PeerLinkFactory firstHost, PeerLinkFactory secondHost, UnaryOperator<PeerLink.Listener> secondListener) {
        this.secondHost = secondHost;
        this.secondListener = secondListener;
        first = new LinkProbe(this::toSecond);
        second = new LinkProbe(this::toFirst);
        synchronized (this) {
            offering = firstHost.offer(List.of(), first);
            forOffering.forEach(offering::signal);
        }
    }

    public static LinkPair between(PeerLinkFactory firstHost, PeerLinkFactory secondHost) {
        return new LinkPair(firstHost, secondHost, listener -> listener);
    }

    /** A pair whose second listener is wrapped. */
    public static LinkPair between(
            PeerLinkFactory firstHost, PeerLinkFactory secondHost, UnaryOperator<PeerLink.Listener> secondListener) {
        return new LinkPair(firstHost, secondHost, secondListener);
    }

    /** A pair that is open on both sides. */
    public static LinkPair opened(PeerLinkFactory firstHost, PeerLinkFactory secondHost) throws InterruptedException {
        LinkPair pair = between(firstHost, secondHost);
        pair.first.expect("opened");
        pair.second.expect("opened");
        return pair;
    }

    private synchronized void toSecond(SignalBody signal) {
        if (signal instanceof SignalBody.Offer offer) {
            answering = secondHost.answer(List.of(), offer, secondListener.apply(second));
        } else {
            answering.signal(signal);
        }
    }

    private synchronized void toFirst(SignalBody signal) {
        if (offering == null) {
            forOffering.add(signal);
        } else {
            offering.signal(signal);
        }
    }

    /** The second's link; there once the pair is open. */
    public synchronized PeerLink answering() {
        return answering;
    }
}
