package dev.rivulet.edge.gateway;

import dev.rivulet.edge.tracker.TrackerLink;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.protocol.message.HttpReady;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the tracker that the gateway which it finds at this edge's base URL is this edge's (docs/protocol.md, section
 * 5.9), and whoever runs the edge what came of it. Any thread may ask.
 */
public final class TrackerCheck implements TrackerLink.Listener {
    private static final Logger log = LoggerFactory.getLogger(TrackerCheck.class);

    private final TrackerLink link;
    private volatile @Nullable ResourceUrl base;
    private volatile @Nullable Offer offer;
    private volatile State state = State.UNKNOWN;
    private volatile @Nullable String problem;
    /** On the link's thread only. */
    private @Nullable PeerId self;
    /** On the link's thread only. */
    private @Nullable HttpChecked logged;

    /** Where it stands. */
    public enum State {
        /** The tracker has not said yet; an old one never does. */
        UNKNOWN,
        /** The tracker tells visitors of it. */
        REACHED,
        /** The tracker tells nobody. */
        UNREACHED
    }

    /**
     * How the gateway is seen from outside.
     *
     * @param problem why it is not reached, and what can be done about it; null where it is not unreached
     */
    public record Standing(
            ResourceUrl base, State state, @Nullable String problem) {}

    private record Offer(PeerId self, String token) {}

    /** A check that waits for a claim. */
    public TrackerCheck(TrackerLink link) {
        this.link = link;
    }

    /** The tracker is about to be told of this base URL, or of none. */
    public void claim(@Nullable ResourceUrl claimed) {
        base = claimed;
    }

    /** Empty where the tracker is told of none. */
    public Optional<Standing> standing() {
        ResourceUrl claimed = base;
        return claimed == null ? Optional.empty() : Optional.of(new Standing(claimed, state, problem));
    }

    /** What to answer whoever asks for the token of the edge with this peer id. */
    Optional<String> token(String name) {
        Offer current = offer;
        return current != null && current.self().text().equals(name) ? Optional.of(current.token()) : Optional.empty();
    }

    @Override
    public void received(TrackerMessage message) {
        if (message instanceof Welcome welcome) {
            self = welcome.peer();
        } else if (message instanceof HttpCheck check && self != null && base != null) {
            offer = new Offer(self, check.token());
            link.send(new HttpReady());
        } else if (message instanceof HttpChecked checked && base != null) {
            conclude(base, checked);
        }
    }

    @Override
    public void lost() {
        offer = null;
        self = null;
        problem = null;
        state = State.UNKNOWN;
    }

    private void conclude(ResourceUrl claimed, HttpChecked checked) {
        boolean isNews = !checked.equals(logged);
        logged = checked;
        if (checked.failed() == null) {
            problem = null;
            state = State.REACHED;
            if (isNews) {
                log.info("the tracker reaches this edge's gateway at {}, and tells visitors of it", claimed);
            }
            return;
        }
        String why = checked.message() + "; " + remedy(checked.failed(), claimed);
        problem = why;
        state = State.UNREACHED;
        if (isNews) {
            log.warn("the tracker cannot reach this edge's gateway at {}, so it tells nobody of it: {}", claimed, why);
        }
    }

    private static String remedy(String failed, ResourceUrl claimed) {
        return switch (failed) {
            case HttpChecked.NAME -> "correct http-url, or what the name's DNS says";
            case HttpChecked.ADDRESS -> "set http-url to a public address or name of this server";
            case HttpChecked.CONNECT, HttpChecked.LATE ->
                "open TCP port " + claimed.port() + " in the firewall, forward it where there is a router, or correct"
                        + " http-url";
            case HttpChecked.CERTIFICATE -> "renew or complete the certificate of the proxy before this edge";
            case HttpChecked.ANSWER ->
                "have the proxy before this edge pass on to it everything below " + claimed + ", or correct http-url";
            default -> "see to http-url and the firewall";
        };
    }
}
