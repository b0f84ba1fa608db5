package dev.rivulet.edge.tracker;

import dev.rivulet.edge.config.TrackerBase;
import dev.rivulet.edge.store.AtomicFile;
import dev.rivulet.protocol.id.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this edge was ever welcomed as it is set now: by the same tracker, for the same site, with the same token and
 * key. With other settings it has yet to be, so that a wrong one is told at once. Not for several threads.
 */
public final class Membership {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private final byte[] settings;
    private final @Nullable AtomicFile file;
    private boolean member;

    private Membership(byte[] settings, @Nullable AtomicFile file) {
        this.settings = settings;
        this.file = file;
    }

    /** That of a newcomer, which is not remembered. */
    public static Membership none() {
        return new Membership(new byte[0], null);
    }

    /** Remembered in a file, which says nothing to who does not know the settings. */
    public static Membership in(Path path, TrackerBase home, Greeting hello) {
        String settings = String.join(
                "\n",
                home.toString(),
                hello.site().text(),
                String.valueOf(hello.token()),
                hello.identity().keyId().text());
        byte[] digest = Sha256.of(settings.getBytes(StandardCharsets.UTF_8)).bytes();
        Membership membership = new Membership(digest, new AtomicFile(path));
        membership.member = membership.isRemembered();
        return membership;
    }

    private boolean isRemembered() {
        try {
            return file != null && Arrays.equals(file.read(settings.length), settings);
        } catch (NoSuchFileException never) {
            return false;
        } catch (IOException e) {
            log.warn("whether the tracker ever welcomed this edge cannot be read: {}", e.toString());
            return false;
        }
    }

    boolean isMember() {
        return member;
    }

    /** The tracker welcomes it. */
    void welcomed() {
        if (member) {
            return;
        }
        member = true;
        try {
            if (file != null) {
                file.write(settings);
            }
        } catch (IOException e) {
            log.warn("that the tracker welcomed this edge cannot be remembered: {}", e.toString());
        }
    }
}
