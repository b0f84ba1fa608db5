package dev.rivulet.edge.store;

import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the machine refuses an edge, in a line for who runs it: what it is about, and what to do. */
public final class Obstacle {
    /** What Java calls a user who has a number only. */
    private static final String NAMELESS = "?";

    /** Who this process runs as. */
    static final String USER = System.getProperty("user.name", NAMELESS);

    private Obstacle() {}

    /**
     * What kept this edge from its work.
     *
     * @param data the data directory as it was named; null where it is not in use
     */
    public static String of(@Nullable String data, IOException refusal) {
        return of(data, refusal, USER);
    }

    static String of(@Nullable String data, IOException refusal, String user) {
        if (refusal instanceof ReadOnlyDirectoryException known) {
            return String.valueOf(known.getMessage());
        }
        String file = refusal instanceof FileSystemException about ? about.getFile() : null;
        if (file != null && (data == null || !isWithin(data, file))) {
            return file + ": " + reason(refusal) + "; see to it, or name another place";
        }
        if (data == null || refusal instanceof SocketException || refusal instanceof UnknownHostException) {
            return refusal.toString();
        }
        return "data = " + data + ": " + within(data, file, refusal, user);
    }

    private static String within(String data, @Nullable String file, IOException refusal, String user) {
        if (refusal instanceof AccessDeniedException) {
            return foreign(data, String.valueOf(file), user);
        }
        if (refusal instanceof FileAlreadyExistsException || refusal instanceof NotDirectoryException) {
            return file + " is a file where there has to be a directory; move it elsewhere";
        }
        return (file == null ? "" : file + ": ") + reason(refusal) + "; see to the disk, or name another directory";
    }

    /** A file in the data directory is another user's. */
    static String foreign(String data, String file, String user) {
        String owner = user.equals(NAMELESS) ? "USER" : user;
        return file + " belongs to another user than " + owner + ", who runs the edge; make it all theirs: chown -R "
                + owner + ": " + data;
    }

    private static String reason(IOException refusal) {
        if (refusal instanceof FileSystemException about) {
            // Those that have a class of their own say nothing else.
            return about.getReason() == null ? about.getClass().getSimpleName() : about.getReason();
        }
        return refusal.getMessage() == null ? refusal.toString() : refusal.getMessage();
    }

    private static boolean isWithin(String directory, String file) {
        return absolute(file).startsWith(absolute(directory));
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }
}
