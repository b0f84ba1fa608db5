package dev.rivulet.edge.peer;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;

final class InMemoryLinksTest extends PeerLinkContract {
    private static final ExecutorService executor = Executors.newSingleThreadExecutor();

    @Override
    protected List<PeerLinkFactory> hosts() {
        InMemoryLinks.Network network = new InMemoryLinks.Network(executor);
        return List.of(network.host(), network.host());
    }

    @AfterAll
    static void stopNetwork() {
        executor.shutdown();
    }
}
