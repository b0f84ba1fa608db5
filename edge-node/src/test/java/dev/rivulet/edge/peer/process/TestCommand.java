package dev.rivulet.edge.peer.process;

import dev.rivulet.edge.config.LogFormat;
import dev.rivulet.edge.config.LogLevel;
import dev.rivulet.edge.peer.webrtc.UdpPorts;

/** How tests start WebRTC processes. */
final class TestCommand {
    static final ChildCommand DEFAULT = new ChildCommand(UdpPorts.ANY, 64, LogLevel.INFO, LogFormat.TEXT);

    private TestCommand() {}
}
