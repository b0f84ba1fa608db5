package dev.rivulet.edge.peer.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.LinkPair;
import dev.rivulet.edge.peer.LinkProbe;
import dev.rivulet.edge.peer.PeerLinkContract;
import dev.rivulet.edge.peer.PeerLinkFactory;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class WebRtcLinksIT extends PeerLinkContract {
    private final Block block = new Block(1, 0, ByteBuffer.allocate(Limits.MAX_BLOCK_BYTES));

    @Override
    protected List<PeerLinkFactory> hosts() throws Exception {
        return List.of(WebRtcLinks.start(UdpPorts.ANY), WebRtcLinks.start(UdpPorts.ANY));
    }

    @Test
    void twoHundredConnectionsOpenAndCloseUnderLoad() throws Exception {
        WebRtcLinks one = WebRtcLinks.start(UdpPorts.ANY);
        try (WebRtcLinks other = WebRtcLinks.start(UdpPorts.ANY)) {
            List<LinkPair> open = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                open.add(LinkPair.opened(one, other));
                open.forEach(this::load);
                if (open.size() == 8) {
                    LinkPair oldest = open.remove(0);
                    (i % 2 == 0 ? oldest.offering : oldest.answering()).close();
                    oldest.first.expect("closed");
                    oldest.second.expect("closed");
                }
            }

            one.close();

            for (LinkPair pair : open) {
                pair.first.expect("closed");
                pair.second.expect("closed");
            }
        }
    }

    @Test
    void stoppingInTheMiddleOfEverythingClosesAll() throws Exception {
        for (int round = 0; round < 10; round++) {
            WebRtcLinks one = WebRtcLinks.start(UdpPorts.ANY);
            WebRtcLinks other = WebRtcLinks.start(UdpPorts.ANY);
            LinkPair open = LinkPair.opened(one, other);
            LinkPair connecting = LinkPair.between(one, other);
            LinkProbe unanswered = new LinkProbe(signal -> {});
            one.offer(List.of(), unanswered);
            load(open);

            one.close();
            other.close();

            open.first.expect("closed");
            open.second.expect("closed");
            unanswered.expect("closed");
            await(() -> connecting.first.events.contains("closed"));
        }
    }

    @Test
    void whoOpensChannelsOfItsOwnIsLeft() throws Exception {
        try (WebRtcLinks links = WebRtcLinks.start(UdpPorts.ANY);
                Stranger stranger = new Stranger()) {
            for (int round = 0; round < 10; round++) {
                LinkPair pair = round % 2 == 0 ? LinkPair.opened(links, stranger) : LinkPair.opened(stranger, links);

                stranger.openChannels(24, Limits.MAX_BLOCK_BYTES);

                pair.first.expect("closed");
                pair.second.expect("closed");
            }
        }
    }

    @Test
    void anOfferOfMoreThanDataChannelsIsNotAnswered() throws Exception {
        BlockingQueue<String> offers = new LinkedBlockingQueue<>();
        BlockingQueue<SignalBody> answers = new LinkedBlockingQueue<>();

        try (WebRtcLinks links = WebRtcLinks.start(UdpPorts.ANY)) {
            links.offer(List.of(), new LinkProbe(signal -> {
                if (signal instanceof SignalBody.Offer offer) {
                    offers.add(offer.sdp());
                }
            }));
            String sdp = offers.poll(LinkProbe.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            LinkProbe probe = new LinkProbe(answers::add);
            links.answer(List.of(), new SignalBody.Offer(withSound(sdp)), probe);

            await(() -> !probe.events.isEmpty() || !answers.isEmpty());
            assertThat(answers).isEmpty();
            probe.expect("closed");
        }
    }

    /** An offer with a section for sound besides; its keys and candidates are those of the section that there is. */
    private static String withSound(String sdp) {
        String transport = sdp.lines()
                .filter(line -> line.matches("a=(ice-ufrag|ice-pwd|fingerprint|setup):.*"))
                .map(line -> line + "\r\n")
                .collect(Collectors.joining());
        return sdp.replaceFirst("a=group:BUNDLE 0", "a=group:BUNDLE 0 1")
                + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
                + transport
                + "a=mid:1\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n";
    }

    @Test
    void onlyTheConfiguredPortsAreUsed() throws Exception {
        UdpPorts ports = new UdpPorts(41000, 41099);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger outside = new AtomicInteger();

        try (WebRtcLinks links = WebRtcLinks.start(ports)) {
            links.offer(List.of(), new LinkProbe(signal -> {
                if (signal instanceof SignalBody.Candidate candidate) {
                    int port = hostPort(candidate.line());
                    (port >= ports.first() && port <= ports.last() ? inside : outside).incrementAndGet();
                }
            }));
            await(() -> inside.get() > 0);
        }

        assertThat(outside).hasValue(0);
    }

    @Test
    void twoShareARangeOfPortsWithoutTakingAnyTwice() throws Exception {
        UdpPorts ports = new UdpPorts(41200, 41399);
        List<String> taken = new CopyOnWriteArrayList<>();
        AtomicInteger finished = new AtomicInteger();

        try (WebRtcLinks one = WebRtcLinks.start(ports);
                WebRtcLinks other = WebRtcLinks.start(ports)) {
            for (int i = 0; i < 5; i++) {
                gather(one, taken, finished);
                gather(other, taken, finished);
            }
            await(() -> finished.get() == 10);
        }

        assertThat(taken).doesNotHaveDuplicates();
    }

    /** Opens a link, which stays, and notes the addresses it can be reached at. */
    private static void gather(WebRtcLinks links, List<String> taken, AtomicInteger finished) {
        AtomicInteger known = new AtomicInteger();
        links.offer(List.of(), new LinkProbe(signal -> {
            if (signal instanceof SignalBody.Candidate candidate && hostPort(candidate.line()) > 0) {
                taken.add(candidate.line().split(" ")[4] + " " + hostPort(candidate.line()));
                if (known.incrementAndGet() == 1) {
                    finished.incrementAndGet();
                }
            }
        }));
    }

    private void load(LinkPair pair) {
        for (int i = 0; i < 4; i++) {
            pair.offering.sendBlock(block);
            pair.answering().sendBlock(block);
        }
    }

    private static int hostPort(String candidate) {
        Matcher matcher = Pattern.compile("candidate:\\S+ \\d \\S+ \\d+ \\S+ (\\d+) typ host.*")
                .matcher(candidate);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }
}
