package dev.rivulet.edge.peer.webrtc;

import java.io.IOException;

/** The native WebRTC library does not load on this host; the message says what an operator can do. */
public final class WebRtcUnavailableException extends IOException {
    /** Debian's packages of the libraries that the native library links against. */
    private static final String PACKAGES =
            "libpulse0 libudev1 libx11-6 libxfixes3 libxrandr2 libxcomposite1 libdbus-1-3";

    /** What the C library says of code on a file system that is mounted noexec, mmap(2). */
    private static final String NO_EXEC = "failed to map segment from shared object";

    WebRtcUnavailableException(Throwable cause) {
        super("the WebRTC library does not load (" + reason(root(cause)) + ")" + remedy(root(cause)), cause);
    }

    private static String remedy(Throwable root) {
        if (!(root instanceof UnsatisfiedLinkError)) {
            return "";
        }
        return reason(root).contains(NO_EXEC)
                ? "; the directory that it is unpacked to, below the data directory, is mounted noexec: mount it with"
                        + " exec, or choose another data directory"
                : "; on Debian or Ubuntu: apt-get install " + PACKAGES;
    }

    /** The same from another process. */
    public WebRtcUnavailableException(String message) {
        super(message);
    }

    private static String reason(Throwable root) {
        return root instanceof UnsatisfiedLinkError ? String.valueOf(root.getMessage()) : root.toString();
    }

    private static Throwable root(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
