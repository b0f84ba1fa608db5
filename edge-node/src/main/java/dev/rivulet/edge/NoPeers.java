package dev.rivulet.edge;

import dev.rivulet.edge.tracker.TrackerLink;
import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.edge.transfer.PeerSource;
import dev.rivulet.edge.transfer.PeerSources;
import dev.rivulet.edge.transfer.Rival;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stands for the other peers where there is no WebRTC: there are none, and who wants to connect is told so. */
final class NoPeers implements PeerSources, TrackerLink.Listener {
    private final EventLoop loop;
    private final TrackerLink link;

    NoPeers(EventLoop loop, TrackerLink link) {
        this.loop = loop;
        this.link = link;
    }

    @Override
    public void received(TrackerMessage message) {
        if (message instanceof TrackerMessage.Signal signal && signal.body() instanceof SignalBody.Offer) {
            link.send(new ClientMessage.Signal(signal.from(), signal.session(), new SignalBody.Close()));
        }
    }

    @Override
    public void follow(ContentId content) {}

    @Override
    public void unfollow(ContentId content) {}

    @Override
    public List<PeerSource> holders(ContentId content, int piece) {
        return List.of();
    }

    @Override
    public List<PeerSource> holders(ContentId content) {
        return List.of();
    }

    @Override
    public boolean isUnsaid(ContentId content) {
        return false;
    }

    @Override
    public void search(ContentId content, Runnable settled) {
        loop.execute(settled);
    }

    @Override
    public Download requestPiece(PeerId peer, ContentId content, int piece, int bytes, Outcome outcome) {
        return failing(outcome);
    }

    @Override
    public Download requestLayout(PeerId peer, ContentId content, int bytes, Outcome outcome) {
        return failing(outcome);
    }

    private Download failing(Outcome outcome) {
        EventLoop.Timer failure = loop.after(Duration.ZERO, () -> outcome.failed("there is no WebRTC here"));
        return new Download() {
            @Override
            public void cancel() {
                failure.cancel();
            }

            @Override
            public void expire() {
                failure.cancel();
            }
        };
    }

    @Override
    public void condemn(PeerId peer, ContentId content, int piece) {}

    @Override
    public @Nullable PeerId self() {
        return null;
    }

    @Override
    public List<Rival> rivals(ContentId content, int piece) {
        return List.of();
    }

    @Override
    public void fetching(ContentId content, int piece) {}

    @Override
    public void fetched(ContentId content, int piece, boolean held) {}

    @Override
    public void onChange(Runnable changed) {}

    @Override
    public void onNews(News hears) {}
}
