package dev.rivulet.edge.peer.child;

import dev.rivulet.edge.config.LogLines;
import dev.rivulet.edge.peer.webrtc.WebRtcLinks;
import dev.rivulet.edge.peer.webrtc.WebRtcUnavailableException;
import dev.rivulet.edge.peer.wire.Frame;
import dev.rivulet.edge.peer.wire.FrameType;
import dev.rivulet.edge.peer.wire.Wire;
import dev.rivulet.protocol.DecodeException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Entry point of the WebRTC process, which only an edge starts. It ends when the socket to the edge does, however that
 * came about.
 */
public final class WebRtcMain {
    /** How long the last frames may take to be read by the edge. */
    private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(2);

    /** Longer than the edge takes to stop; a signal to the whole group reaches this process, too, and is left to it. */
    private static final long SIGNAL_SECONDS = 15;

    private static final int BAD_ARGUMENTS = 2;

    private static final CountDownLatch ended = new CountDownLatch(1);

    private WebRtcMain() {}

    /**
     * Serves an edge.
     *
     * @param args {@link ChildArguments}
     */
    public static void main(String[] args) {
        ChildArguments arguments;
        try {
            arguments = ChildArguments.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("this is a part of rivulet-edge, which starts it itself: " + e.getMessage());
            System.exit(BAD_ARGUMENTS);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(WebRtcMain::leaveItToTheEdge, "signal"));
        int status = 0;
        try {
            LogLines.write(arguments.logLevel(), arguments.logFormat());
            run(arguments);
        } catch (IOException | DecodeException | RuntimeException | Error e) {
            LoggerFactory.getLogger(WebRtcMain.class).error("the WebRTC process fails", e);
            status = 1;
        }
        ended.countDown();
        // Past the destructors of the native library, which may crash, and whatever still runs.
        Runtime.getRuntime().halt(status);
    }

    private static void run(ChildArguments arguments) throws IOException, DecodeException {
        try (Wire wire = new Wire("edge")) {
            wire.attach(SocketChannel.open(UnixDomainSocketAddress.of(arguments.socket())));
            try {
                serve(wire, WebRtcLinks.start(arguments.ports(), arguments.library()));
            } catch (WebRtcUnavailableException e) {
                wire.send(Frame.of(FrameType.UNAVAILABLE, 0, String.valueOf(e.getMessage())));
            }
            wire.flush(FLUSH_PATIENCE);
        }
    }

    private static void serve(Wire wire, WebRtcLinks links) throws DecodeException {
        CountDownLatch stop = new CountDownLatch(1);
        Thread stopper = new Thread(() -> stop(stop, wire, links), "stopper");
        stopper.setDaemon(true);
        stopper.start();
        wire.send(Frame.of(FrameType.READY, 0));
        wire.read(new LinkHost(links, wire, stop::countDown));
    }

    /** Beside the thread that reads, so that closing an edge's links is not the last that is heard of it. */
    private static void stop(CountDownLatch asked, Wire wire, WebRtcLinks links) {
        try {
            asked.await();
            links.close();
            wire.flush(FLUSH_PATIENCE);
            wire.close();
        } catch (IOException | InterruptedException e) {
            LoggerFactory.getLogger(WebRtcMain.class).warn("stopping failed", e);
        }
    }

    private static void leaveItToTheEdge() {
        try {
            var unused = ended.await(SIGNAL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
