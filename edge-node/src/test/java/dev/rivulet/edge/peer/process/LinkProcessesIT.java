package dev.rivulet.edge.peer.process;

import dev.rivulet.edge.peer.PeerLinkContract;
import dev.rivulet.edge.peer.PeerLinkFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Links in processes of their own keep what links in this process promise. */
final class LinkProcessesIT extends PeerLinkContract {
    private static final ReplacementLimits NEVER =
            new ReplacementLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(1), Long.MAX_VALUE);

    @TempDir
    Path home;

    @Override
    protected List<PeerLinkFactory> hosts() throws Exception {
        return List.of(start("here"), start("there"));
    }

    private LinkProcesses start(String name) throws Exception {
        return LinkProcesses.start(TestCommand.DEFAULT, NEVER, home.resolve(name));
    }
}
