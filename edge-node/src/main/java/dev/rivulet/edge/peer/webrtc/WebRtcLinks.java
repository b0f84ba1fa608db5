package dev.rivulet.edge.peer.webrtc;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.PortAllocatorConfig;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceServer;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.rivulet.edge.peer.PeerLink;
import dev.rivulet.edge.peer.PeerLinkFactory;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links over webrtc-java: the one place that makes and frees what the native library holds. One per process is enough;
 * the library leaks a little with every connection and received message, and every factory leaves threads behind, so
 * the process should not be the edge's own.
 */
public final class WebRtcLinks implements PeerLinkFactory, WebRtcLink.Home {
    private static final Logger log = LoggerFactory.getLogger(WebRtcLinks.class);

    private final NativeThread natives = new NativeThread();
    private final UdpPorts ports;
    private final AtomicBoolean closed = new AtomicBoolean();

    // Of the native thread.
    private final Set<WebRtcLink> links = new HashSet<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(Block.MAX_FRAME_BYTES);
    private @Nullable PeerConnectionFactory factory;

    private WebRtcLinks(UdpPorts ports) {
        this.ports = ports;
    }

    /**
     * Loads the native library and starts its threads.
     *
     * @throws WebRtcUnavailableException when this host lacks what the library needs
     */
    public static WebRtcLinks start(UdpPorts ports) throws WebRtcUnavailableException {
        return start(ports, () -> {});
    }

    /** As {@link #start(UdpPorts)}, with the native library in a file that {@link NativeLibrary} unpacked. */
    public static WebRtcLinks start(UdpPorts ports, Path library) throws WebRtcUnavailableException {
        return start(ports, () -> NativeLibrary.load(library));
    }

    /** @param loading loads the native library into this process */
    private static WebRtcLinks start(UdpPorts ports, Runnable loading) throws WebRtcUnavailableException {
        WebRtcLinks links = new WebRtcLinks(ports);
        try {
            links.natives.call(() -> {
                loading.run();
                return links.makeFactory();
            });
            return links;
        } catch (ExecutionException e) {
            links.natives.stop(() -> {});
            throw new WebRtcUnavailableException(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            links.natives.stop(() -> {});
            throw new WebRtcUnavailableException(e);
        }
    }

    private PeerConnectionFactory makeFactory() {
        PeerConnectionFactory made = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        factory = made;
        return made;
    }

    @Override
    public PeerLink offer(List<IceServer> ice, PeerLink.Listener listener) {
        return begin(ice, listener, null);
    }

    @Override
    public PeerLink answer(List<IceServer> ice, SignalBody.Offer offer, PeerLink.Listener listener) {
        return begin(ice, listener, offer);
    }

    private PeerLink begin(List<IceServer> ice, PeerLink.Listener listener, SignalBody.@Nullable Offer offer) {
        WebRtcLink link = new WebRtcLink(this, natives, listener);
        link.start(() -> {
            PeerConnectionFactory alive = factory;
            if (alive == null) {
                link.end("stopped");
                return;
            }
            links.add(link);
            link.begin(observer -> connect(alive, ice, observer), offer);
        });
        return link;
    }

    private RTCPeerConnection connect(
            PeerConnectionFactory alive, List<IceServer> ice, PeerConnectionObserver observer) {
        RTCConfiguration configuration = new RTCConfiguration();
        configuration.iceServers = ice.stream().map(WebRtcLinks::server).toList();
        PortAllocatorConfig allocator = new PortAllocatorConfig();
        allocator.minPort = ports.first();
        allocator.maxPort = ports.last();
        // Or else a stranger's candidates would have us open TCP connections to wherever they say.
        allocator.setDisableTcp(true);
        configuration.portAllocatorConfig = allocator;
        return alive.createPeerConnection(configuration, observer);
    }

    private static RTCIceServer server(IceServer ice) {
        RTCIceServer server = new RTCIceServer();
        server.urls = ice.urls();
        server.username = ice.username();
        server.password = ice.credential();
        return server;
    }

    /** Calls {@code then} on the native thread, after what waits for it; not once closed. */
    public void afterWhatWaits(Runnable then) {
        natives.run(then::run, WebRtcLinks::logFailure);
    }

    @Override
    public ByteBuffer scratch() {
        return scratch;
    }

    @Override
    public void forget(WebRtcLink link) {
        links.remove(link);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            natives.stop(this::endAll);
        }
    }

    private void endAll() {
        linger();
        for (WebRtcLink link : List.copyOf(links)) {
            try {
                link.end("stopped");
            } catch (RuntimeException | Error e) {
                logFailure(e);
            }
        }
        if (factory != null) {
            factory.dispose();
            factory = null;
        }
    }

    /** Gives the last control messages of all links, which are sent by now, the time to leave. */
    private void linger() {
        if (links.isEmpty()) {
            return;
        }
        try {
            Thread.sleep(WebRtcLink.LINGER.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The one sink of what goes wrong while freeing; nothing is left to do about it. */
    static void logFailure(Throwable failure) {
        log.warn("freeing a WebRTC connection failed", failure);
    }
}
