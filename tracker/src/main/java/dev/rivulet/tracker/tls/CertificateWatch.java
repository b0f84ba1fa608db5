package dev.rivulet.tracker.tls;

import dev.rivulet.protocol.settings.ConfigException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of a certificate every {@link #PERIOD}, and hands on what came in its place. Looking is cheap, the
 * files are small, and unlike notices of the file system it sees through symbolic links, by which certbot renews.
 */
public final class CertificateWatch implements AutoCloseable {
    /** How often the files are looked at. */
    static final Duration PERIOD = Duration.ofSeconds(5);

    /** How often a certificate that is about to expire is complained of. */
    private static final Duration COMPLAINTS = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);

    private final PemFiles files;
    private final InstantSource clock;
    private final Consumer<SSLContext> renewed;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "certificate"));

    private TlsIdentity identity;
    private Instant nextComplaint = Instant.MIN;
    private PemFiles.Texts inUse;
    /** What was found at the last look, in use or not. */
    private PemFiles.@Nullable Texts found;

    private @Nullable String said;

    private CertificateWatch(PemFiles files, InstantSource clock, Consumer<SSLContext> renewed) {
        this.files = files;
        this.clock = clock;
        this.renewed = renewed;
        this.inUse = files.read();
        this.found = inUse;
        this.identity = files.identity(inUse);
    }

    /**
     * Reads the files, and hands {@code renewed} the context of what they hold, now and whenever they hold something
     * else that can be used. Throws {@link ConfigException} when what they hold now cannot.
     */
    public static CertificateWatch start(PemFiles files, InstantSource clock, Consumer<SSLContext> renewed) {
        CertificateWatch watch = of(files, clock, renewed);
        var unused = watch.timer.scheduleWithFixedDelay(
                watch::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /** As {@link #start}, but looks only when it is told to. */
    static CertificateWatch of(PemFiles files, InstantSource clock, Consumer<SSLContext> renewed) {
        CertificateWatch watch = new CertificateWatch(files, clock, renewed);
        renewed.accept(watch.identity.context());
        watch.complain();
        return watch;
    }

    /** Looks once. */
    synchronized void look() {
        try {
            PemFiles.Texts now = files.read();
            // Two files are replaced one after the other, and perhaps not at once: only what stays the same is taken.
            boolean settled = now.equals(found);
            found = now;
            if (settled && !now.equals(inUse)) {
                take(now);
            }
        } catch (ConfigException e) {
            warn(e.getMessage());
        } catch (RuntimeException e) {
            log.error("the certificate cannot be looked at", e);
        }
        complain();
    }

    private void take(PemFiles.Texts texts) {
        identity = files.identity(texts);
        renewed.accept(identity.context());
        inUse = texts;
        said = null;
        nextComplaint = Instant.MIN;
        log.info(
                "new connections get the certificate that {} holds now, until {}", files.certificate(), identity.end());
    }

    private void warn(@Nullable String problem) {
        if (problem != null && !problem.equals(said)) {
            said = problem;
            log.warn("{}; new connections get the former certificate until then", problem);
        }
    }

    private void complain() {
        Instant now = clock.instant();
        if (now.isBefore(nextComplaint)) {
            return;
        }
        identity.complaint(now).ifPresent(complaint -> {
            nextComplaint = now.plus(COMPLAINTS);
            log.warn("{} = {}: {}", PemFiles.CERTIFICATE, files.certificate(), complaint);
        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
