package dev.rivulet.edge.figures;

import com.sun.management.OperatingSystemMXBean;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** A report as meters. Labels are of fixed sets: nothing about visitors, and no content, becomes one. */
public final class Metrics {
    private static final String BYTES = "bytes";
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Supplier<StatusReport> source;
    private final AtomicReference<StatusReport> latest;
    // Of one moment for all meters that are read together.
    private final Supplier<StatusReport> report;

    /** @param source asked once whenever metrics are read */
    public Metrics(Supplier<StatusReport> source, String version) {
        this.source = source;
        this.latest = new AtomicReference<>(source.get());
        this.report = latest::get;
        // Before there is any meter: filters do not concern those that are there.
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        Gauge.builder("rivulet.edge.info", () -> 1)
                .description("Which build this is")
                .tag("version", version)
                .register(registry);
        traffic();
        store();
        webRtc();
        limits();
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
    public String text() {
        latest.set(source.get());
        return registry.scrape();
    }

    private void traffic() {
        sent("http", report -> report.traffic().sentHttpBytes());
        sent("webrtc", report -> report.traffic().sentBytes() - report.traffic().sentHttpBytes());
        fetched("origin", report -> report.traffic().fetchedOriginBytes());
        fetched("page", report -> report.traffic().fetchedPagesBytes());
        fetched("edge", report -> report.traffic().fetchedEdgesBytes());
        connections("webrtc", report -> report.peers().webRtc());
        connections("http", report -> report.peers().http());
        gauge(
                        "rivulet.edge.refused",
                        "1 while the tracker does not let the edge in, which it did before",
                        report -> report.refusal() == null ? 0 : 1)
                .register(registry);
        gauge(
                        "rivulet.edge.gateway.reached",
                        "1 while the tracker reaches the HTTP gateway, 0 while it does not; no number where there is none",
                        Metrics::reached)
                .register(registry);
    }

    private static double reached(StatusReport report) {
        StatusReport.Gateway gateway = report.gateway();
        if (gateway == null) {
            return Double.NaN;
        }
        return gateway.isReached() ? 1 : 0;
    }

    private void sent(String by, ToDoubleFunction<StatusReport> value) {
        counter("rivulet.edge.sent", "Payload sent", value)
                .baseUnit(BYTES)
                .tag("by", by)
                .register(registry);
    }

    private void fetched(String from, ToDoubleFunction<StatusReport> value) {
        counter("rivulet.edge.fetched", "Payload received, right or wrong", value)
                .baseUnit(BYTES)
                .tag("from", from)
                .register(registry);
    }

    private void connections(String by, ToDoubleFunction<StatusReport> value) {
        gauge("rivulet.edge.connections", "Connections now", value)
                .tag("by", by)
                .register(registry);
    }

    private void store() {
        gauge("rivulet.edge.store.used", "What the pieces cost on the disk", report -> report.store()
                        .bytes())
                .baseUnit(BYTES)
                .register(registry);
        gauge("rivulet.edge.store.pieces", "Pieces held", report -> report.store()
                        .pieces())
                .register(registry);
        gauge(
                        "rivulet.edge.store.failing",
                        "1 while the disk refuses what is written",
                        report -> report.store().failing() ? 1 : 0)
                .register(registry);
        requested("hit", report -> report.store().hits());
        requested("miss", report -> report.store().misses());
    }

    private void requested(String result, ToDoubleFunction<StatusReport> value) {
        counter("rivulet.edge.requested.pieces", "Pieces asked for, by whether they were held", value)
                .tag("result", result)
                .register(registry);
    }

    private void webRtc() {
        gauge(
                        "rivulet.edge.webrtc.resident",
                        "Memory that the WebRTC processes occupy; 0 where the system does not tell",
                        report -> report.webRtc().residentBytes())
                .baseUnit(BYTES)
                .register(registry);
        gauge("rivulet.edge.webrtc.processes", "WebRTC processes now", report -> report.webRtc()
                        .processes())
                .register(registry);
        gauge(
                        "rivulet.edge.webrtc.ready",
                        "1 while peers can connect",
                        report -> report.webRtc().ready() ? 1 : 0)
                .register(registry);
        counter(
                        "rivulet.edge.webrtc.processes.replaced",
                        "WebRTC processes that were replaced",
                        report -> report.webRtc().replaced())
                .register(registry);
        counter("rivulet.edge.webrtc.processes.died", "WebRTC processes that ended unasked", report -> report.webRtc()
                        .died())
                .register(registry);
    }

    private void limits() {
        gauge("rivulet.edge.month.transfer", "Sent and received this month (UTC)", report -> report.quota()
                        .usedBytes())
                .baseUnit(BYTES)
                .register(registry);
        gauge(
                        "rivulet.edge.serving",
                        "0 while nothing is served: the month's transfer is used up, the catalog too old or missing, or"
                                + " nobody can connect",
                        report -> report.notServing() == null ? 1 : 0)
                .register(registry);
        limit("rivulet.edge.upload.limit.bytes.per.second", limits -> limits.uploadBytesPerSecond())
                .register(registry);
        limit("rivulet.edge.download.limit.bytes.per.second", limits -> limits.downloadBytesPerSecond())
                .register(registry);
        limit("rivulet.edge.month.transfer.limit", limits -> limits.monthlyTransferBytes())
                .baseUnit(BYTES)
                .register(registry);
        limit("rivulet.edge.store.limit", limits -> limits.diskBytes())
                .baseUnit(BYTES)
                .register(registry);
        limit("rivulet.edge.service.memory.limit", limits -> limits.serviceMemoryBytes())
                .baseUnit(BYTES)
                .register(registry);
        limit("rivulet.edge.webrtc.memory.limit", limits -> limits.webRtcMemoryBytes())
                .baseUnit(BYTES)
                .register(registry);
        limit("rivulet.edge.piece.memory.limit", limits -> limits.pieceMemoryBytes())
                .baseUnit(BYTES)
                .register(registry);
        gauge("rivulet.edge.piece.memory.used", "Pieces that wait to be sent", report -> report.memory()
                        .pieceBytes())
                .baseUnit(BYTES)
                .register(registry);
        limit("rivulet.edge.connections.limit", limits -> limits.webRtcPeers())
                .tag("by", "webrtc")
                .register(registry);
        limit("rivulet.edge.connections.limit", limits -> limits.httpConnections())
                .tag("by", "http")
                .register(registry);
    }

    private Gauge.Builder<Supplier<StatusReport>> limit(String name, ToDoubleFunction<StatusReport.Limits> value) {
        return gauge(name, "A limit in force; 0 is none", report -> value.applyAsDouble(report.limits()));
    }

    private FunctionCounter.Builder<Supplier<StatusReport>> counter(
            String name, String description, ToDoubleFunction<StatusReport> value) {
        return FunctionCounter.builder(name, report, source -> value.applyAsDouble(source.get()))
                .description(description);
    }

    private Gauge.Builder<Supplier<StatusReport>> gauge(
            String name, String description, ToDoubleFunction<StatusReport> value) {
        return Gauge.builder(name, report, source -> value.applyAsDouble(source.get()))
                .description(description)
                .strongReference(true);
    }
}
