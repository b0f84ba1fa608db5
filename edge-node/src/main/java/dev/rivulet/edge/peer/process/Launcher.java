package dev.rivulet.edge.peer.process;

import java.io.IOException;
import java.nio.file.Path;

/** What a {@link LinkProcess} takes of the system, which may have none left. */
interface Launcher {
    /**
     * Starts the process.
     *
     * @param directory where it may write of a crash
     * @param socket that it connects to
     * @param library that it loads
     */
    Process start(Path directory, Path socket, Path library) throws IOException;

    /** The thread of this program that looks after it, not started. */
    default Thread thread(String name, Runnable life) {
        Thread thread = new Thread(life, name);
        thread.setDaemon(true);
        return thread;
    }
}
