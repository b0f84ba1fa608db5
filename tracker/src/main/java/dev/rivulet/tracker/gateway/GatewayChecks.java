package dev.rivulet.tracker.gateway;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.protocol.message.TrackerMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every edge show that the base URL which it claims is its own, when it joins and again from time to time
 * (docs/protocol.md, section 5.9). Thread-safe, and nothing here blocks but for {@link #close}.
 */
public final class GatewayChecks implements AutoCloseable {
    /** Checks under way; further ones wait, at most one for each connection. */
    static final int MAX_AT_ONCE = 8;
    /** After the first failure; twice as long after every further one. */
    static final long FIRST_PAUSE_MS = 10_000;
    /** Between two failures, at most: who repairs it is found again within so long. */
    static final long LONGEST_PAUSE_MS = 900_000;

    /** An edge that was reached and does not say for so long that it serves another token is not reached any more. */
    static final long ANSWER_MS = 60_000;
    /** So often at most a first look waits because somebody else was looked for in vain at the same address. */
    static final int MAX_DEFERRALS = 3;

    private static final int MAX_DOUBLINGS = 10;
    private static final long IDLE_SECONDS = 30;
    private static final HttpChecked SILENT =
            new HttpChecked(HttpChecked.LATE, "this edge does not say that it serves another token");
    private static final Logger log = LoggerFactory.getLogger(GatewayChecks.class);

    private final Probe probe;
    private final Executor threads;
    private final LongSupplier clockMs;
    private final RandomGenerator random;
    private final Runnable end;
    private final Map<Claimant, Check> checks = new HashMap<>();

    /** An edge's connection. Told by any thread, without a lock of ours held. */
    public interface Claimant {
        /** Queues the message; does not block. */
        void send(TrackerMessage message);

        /** From now on its gateway counts as reached, or not any more. */
        void reached(boolean isReached);
    }

    /** Where a check stands. */
    private enum State {
        /** Its edge was given a token, which it does not serve yet; one that does not know how never does. */
        OFFERED,
        LOOKING,
        /** For the next time. */
        WAITING
    }

    /** Of one connection; guarded by the monitor of all. */
    private static final class Check {
        final Claim claim;
        HttpCheck offered;
        long offeredAtMs;
        State state = State.OFFERED;
        long dueAtMs;
        int failures;
        int deferrals;
        /** What came of the last look; null before there was one. */
        @Nullable
        HttpChecked found;

        Check(Claim claim, HttpCheck offered, long nowMs) {
            this.claim = claim;
            this.offered = offered;
            this.offeredAtMs = nowMs;
        }

        boolean isReached() {
            return found != null && found.failed() == null;
        }
    }

    /**
     * Checks by {@code probe}.
     *
     * @param threads runs looks
     * @param clockMs milliseconds since whenever, never going back
     * @param random makes tokens, so nobody can foresee it
     */
    GatewayChecks(Probe probe, Executor threads, LongSupplier clockMs, RandomGenerator random) {
        this(probe, threads, clockMs, random, () -> {});
    }

    private GatewayChecks(Probe probe, Executor threads, LongSupplier clockMs, RandomGenerator random, Runnable end) {
        this.probe = probe;
        this.threads = threads;
        this.clockMs = clockMs;
        this.random = random;
        this.end = end;
    }

    /** Checks over HTTP, on threads of its own. */
    public static GatewayChecks overHttp(DnsResolver names, LongSupplier clockMs, RandomGenerator random) {
        HttpProbe probe = new HttpProbe(names, clockMs);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MAX_AT_ONCE,
                MAX_AT_ONCE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, "gateway-check"));
        threads.allowCoreThreadTimeOut(true);
        return new GatewayChecks(probe, threads, clockMs, random, () -> {
            threads.shutdownNow();
            probe.close();
        });
    }

    /** An edge joined that claims a base URL; it does not count as reached. */
    public void joined(Claim claim, Claimant claimant) {
        Check check = new Check(claim, HttpCheck.anew(random), clockMs.getAsLong());
        synchronized (this) {
            checks.put(claimant, check);
        }
        claimant.send(check.offered);
    }

    /** The connection ended. */
    public synchronized void left(Claimant claimant) {
        checks.remove(claimant);
    }

    /** An edge, or somebody who was given nothing to serve, says that it serves its token. */
    public void ready(Claimant claimant) {
        HttpCheck offered;
        Check check;
        synchronized (this) {
            check = checks.get(claimant);
            if (check == null || check.state != State.OFFERED) {
                return;
            }
            check.state = State.LOOKING;
            offered = check.offered;
        }
        Check looking = check;
        threads.execute(() -> look(claimant, looking, offered));
    }

    /** Begins what is due, and gives up on who is silent; to be called about once a second. */
    public void beat() {
        long nowMs = clockMs.getAsLong();
        Map<Claimant, HttpCheck> due = new HashMap<>();
        Map<Claimant, Claim> silent = new HashMap<>();
        synchronized (this) {
            checks.forEach((claimant, check) -> {
                if (check.state == State.WAITING && nowMs >= check.dueAtMs) {
                    check.state = State.OFFERED;
                    check.offered = HttpCheck.anew(random);
                    check.offeredAtMs = nowMs;
                    due.put(claimant, check.offered);
                } else if (check.state == State.OFFERED
                        && check.isReached()
                        && nowMs - check.offeredAtMs >= ANSWER_MS) {
                    // It may say so later, and is looked for then.
                    check.found = SILENT;
                    silent.put(claimant, check.claim);
                }
            });
        }
        due.forEach(Claimant::send);
        silent.forEach((claimant, claim) -> {
            claimant.reached(false);
            claimant.send(SILENT);
            tell(claim, SILENT);
        });
    }

    private void look(Claimant claimant, Check check, HttpCheck offered) {
        boolean urgent;
        synchronized (this) {
            if (checks.get(claimant) != check) {
                return;
            }
            urgent = check.found != null || check.deferrals >= MAX_DEFERRALS;
        }
        Optional<HttpChecked> found;
        try {
            found = probe.look(check.claim, offered, urgent);
        } catch (RuntimeException e) {
            log.error("a gateway could not be looked for", e);
            found = Optional.empty();
        }
        conclude(claimant, check, found.orElse(null));
    }

    private void conclude(Claimant claimant, Check check, @Nullable HttpChecked found) {
        boolean isNews;
        synchronized (this) {
            if (checks.get(claimant) != check) {
                return;
            }
            check.state = State.WAITING;
            check.dueAtMs = clockMs.getAsLong() + pauseMs(check, found);
            if (found == null) {
                check.deferrals++;
                return;
            }
            isNews = !found.equals(check.found);
            check.found = found;
        }
        claimant.reached(found.failed() == null);
        claimant.send(found);
        if (isNews) {
            tell(check.claim, found);
        }
    }

    /** How long until the next look, after {@code found}, or after none could be had. */
    private long pauseMs(Check check, @Nullable HttpChecked found) {
        long pauseMs = FIRST_PAUSE_MS;
        if (found != null && found.failed() == null) {
            check.failures = 0;
            pauseMs = TimeUnit.SECONDS.toMillis(Limits.HTTP_RECHECK_SECONDS);
        } else if (found != null) {
            pauseMs = Math.min(FIRST_PAUSE_MS << Math.min(check.failures, MAX_DOUBLINGS), LONGEST_PAUSE_MS);
            check.failures++;
        }
        return Math.round(pauseMs * (0.75 + random.nextDouble() / 2));
    }

    private static void tell(Claim claim, HttpChecked found) {
        if (found.failed() == null) {
            log.info("{}: edge {} is reached at {}", claim.site(), claim.edge(), claim.base());
        } else {
            log.info(
                    "{}: edge {} is not reached at {}, which is told to nobody: {}",
                    claim.site(),
                    claim.edge(),
                    claim.base(),
                    found.message());
        }
    }

    @Override
    public void close() {
        end.run();
    }
}
