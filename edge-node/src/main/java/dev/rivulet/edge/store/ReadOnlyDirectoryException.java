package dev.rivulet.edge.store;

import java.io.IOException;

/** The data directory holds too little to run with, and its file system is read-only, which may pass. */
public final class ReadOnlyDirectoryException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What to do about a file system that is read-only. */
    public static final String REMEDY = "see to the disk or, under systemd, add the directory to ReadWritePaths="
            + " (systemctl edit rivulet-edge)";

    ReadOnlyDirectoryException(String directory, String missing) {
        super("data = " + directory + ": was never set up (there is no " + missing
                + "), and its file system is read-only; " + REMEDY + ", or name a writable directory");
    }
}
