package dev.rivulet.tracker.access;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.rivulet.protocol.Check;
import dev.rivulet.tracker.api.Refusal;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords with Argon2id (RFC 9106), a few at a time, since each takes {@value #MEMORY_KIB} KiB. Blocks.
 * Thread-safe.
 */
final class Passwords {
    /** Characters of the shortest password. */
    static final int MIN_CHARS = 12;
    /** Characters of the longest password. */
    static final int MAX_CHARS = 256;

    /** With {@link #PASSES}: OWASP's cheat sheet on password storage. */
    static final int MEMORY_KIB = 19 * 1024;

    static final int PASSES = 2;

    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    /** How many are hashed at once, so that signing in cannot exhaust the heap. */
    private static final int AT_ONCE = 2;
    /** How long one waits for its turn. */
    private static final int WAIT_SECONDS = 10;

    private final Argon2Function argon2 = Argon2Function.getInstance(
            MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID, Argon2Function.ARGON2_VERSION_13);
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final SecureRandom random;
    /** Compared with where there is no such account, so that answers take as long. */
    private final String nobodys;

    Passwords(SecureRandom random) {
        this.random = random;
        this.nobodys = hashNow(Secret.make(random));
    }

    /** Refuses a password that is too short or too long. */
    static void check(String field, String password) {
        Check.text(field, password, MIN_CHARS, MAX_CHARS);
    }

    /** In the PHC string format, salted. */
    String hash(String password) throws Refusal, InterruptedException {
        takeTurn();
        try {
            return hashNow(password);
        } finally {
            turns.release();
        }
    }

    /** Whether it is the one that {@code hash} was made of; takes as long where there is none. */
    boolean matches(String password, @Nullable String hash) throws Refusal, InterruptedException {
        takeTurn();
        try {
            boolean same = argon2.check(password, hash == null ? nobodys : hash);
            return same && hash != null;
        } finally {
            turns.release();
        }
    }

    private String hashNow(String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return argon2.hash(password.getBytes(StandardCharsets.UTF_8), salt).getResult();
    }

    private void takeTurn() throws Refusal, InterruptedException {
        if (!turns.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw Refusal.of(
                    StatusCodes.SERVICE_UNAVAILABLE, "busy", "Too many sign in at once; try again in a moment.");
        }
    }
}
