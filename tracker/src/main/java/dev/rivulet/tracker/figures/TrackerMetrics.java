package dev.rivulet.tracker.figures;

import com.sun.management.OperatingSystemMXBean;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.history.Sum;
import dev.rivulet.tracker.signaling.Presence;
import dev.rivulet.tracker.signaling.Presence.Headcount;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The tracker's figures as meters. Labels are of fixed sets and of the operator's sites: nothing about visitors, and no
 * content, becomes one.
 */
public final class TrackerMetrics {
    /** Sites that have meters of their own, the first to be asked about; those beyond have none. */
    static final int MAX_SITES = 100;

    private static final String BYTES = "bytes";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String SITE = "site";
    private static final String FROM = "from";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counting counting;
    private final Presence presence;
    private final Set<SiteId> sites = new HashSet<>();
    // Of one moment for all meters that are read together.
    private volatile Map<SiteId, Headcount> heads = Map.of();

    public TrackerMetrics(Figures figures, Presence presence, String version) {
        this.counting = figures.counting();
        this.presence = presence;
        registry.config() // before the first meter, or Micrometer warns; what process() says better
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        Gauge.builder("rivulet.tracker.info", () -> 1)
                .description("Which build this is")
                .tag("version", version)
                .register(registry);
        FunctionCounter.builder("rivulet.tracker.reports.disregarded", counting, Counting::disregarded)
                .description("Reports that could not be true")
                .register(registry);
        FunctionCounter.builder("rivulet.tracker.events", figures, Figures::errors)
                .description("Events of the level error, such as a catalog that could not be signed")
                .tag("level", "error")
                .register(registry);
        process();
        new JvmMemoryMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** As Prometheus names them: Micrometer's names have units that are abbreviated, or suffixes of other types. */
    private void process() {
        new ProcessorMetrics().bindTo(registry);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, bean -> bean.getProcessCpuTime() / NANOS_PER_SECOND)
                    .description("Processor time used")
                    .baseUnit("seconds")
                    .register(registry);
        }
    }

    /** In the text format of Prometheus. */
    public synchronized String text() {
        heads = presence.headcounts();
        for (SiteId site : heads.keySet()) {
            if (sites.size() < MAX_SITES && sites.add(site)) {
                register(site);
            }
        }
        return registry.scrape();
    }

    private void register(SiteId site) {
        connected(site, "page", Headcount::pages);
        connected(site, "edge", Headcount::edges);
        Gauge.builder("rivulet.tracker.swarms", () -> head(site).swarms())
                .description("Contents that somebody connected holds or wants")
                .tag(SITE, site.text())
                .register(registry);
        Gauge.builder("rivulet.tracker.suspects", () -> counting.claims(site, TrackerMetrics::suspects))
                .description("Peers connected that most of their neighbours contradict")
                .tag(SITE, site.text())
                .register(registry);
        bytes(site, "rivulet.tracker.used", "store", Sum.STORE);
        bytes(site, "rivulet.tracker.used", "page", Sum.PEERS);
        bytes(site, "rivulet.tracker.used", "edge", Sum.EDGES);
        bytes(site, "rivulet.tracker.used", "origin", Sum.ORIGIN);
        bytes(site, "rivulet.tracker.uploaded", null, Sum.UPLOADED);
        originBytes(site, "edge", Sum.EDGE_ORIGIN);
        originBytes(site, "tracker", Sum.INDEX_ORIGIN);
        pieces(site, "verified", Sum.VERIFIED);
        pieces(site, "rejected", Sum.REJECTED);
        count(site, "rivulet.tracker.bad.pieces", "Pieces that peers were proven to have sent wrong", Sum.BAD);
        count(site, "rivulet.tracker.contradicted", "Reports of other bytes than an entry says", Sum.CONTRADICTED);
        count(site, "rivulet.tracker.stalls", "How often something that played had to wait", Sum.STALLS);
        count(site, "rivulet.tracker.failed.responses", "Responses that ended with an error", Sum.FAILED);
        count(site, "rivulet.tracker.reports", "Reports taken", Sum.REPORTS);
    }

    private Headcount head(SiteId site) {
        return heads.getOrDefault(site, Headcount.NOBODY);
    }

    private static double suspects(Claims claims) {
        return claims.disagreeing().stream().filter(Claims.Standing::suspect).count();
    }

    private void connected(SiteId site, String role, ToDoubleFunction<Headcount> count) {
        Gauge.builder("rivulet.tracker.peers", () -> count.applyAsDouble(head(site)))
                .description("Peers connected")
                .tag(SITE, site.text())
                .tag("role", role)
                .register(registry);
    }

    private void bytes(SiteId site, String name, @Nullable String from, Sum sum) {
        var builder = counter(name, sum, site).baseUnit(BYTES);
        if (from == null) {
            builder.description("Bytes that pages and edges say that they sent").register(registry);
        } else {
            builder.description("Bytes that pages used, by where they had them from")
                    .tag(FROM, from)
                    .register(registry);
        }
    }

    private void originBytes(SiteId site, String by, Sum sum) {
        counter("rivulet.tracker.origin.fetched", sum, site)
                .baseUnit(BYTES)
                .description("Bytes that others than pages had from origins")
                .tag("by", by)
                .register(registry);
    }

    private void pieces(SiteId site, String result, Sum sum) {
        counter("rivulet.tracker.pieces", sum, site)
                .description("Pieces that arrived, by what their hash said")
                .tag("result", result)
                .register(registry);
    }

    private void count(SiteId site, String name, String description, Sum sum) {
        counter(name, sum, site).description(description).register(registry);
    }

    private FunctionCounter.Builder<SiteTally> counter(String name, Sum sum, SiteId site) {
        return FunctionCounter.builder(
                        name, counting.site(site), tally -> tally.sums().get(sum))
                .tag(SITE, site.text());
    }
}
