package dev.rivulet.edge.store;

import java.io.IOException;

/** The data directory holds too little to run with, and its file system is read-only, which may pass. */
public final class ReadOnlyDirectoryException extends IOException {
    private static final long serialVersionUID = 1L;

    ReadOnlyDirectoryException(String directory, String missing) {
        super("data = " + directory + ": was never set up (there is no " + missing
                + "), and its file system is read-only;" + " see to the disk, or name a writable directory");
    }
}
