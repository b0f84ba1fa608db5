package dev.rivulet.edge.figures;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A report as titled lines, for the terminal and the page alike. */
final class StatusLines {
    /** A line of a section. */
    record Line(String name, String value) {}

    /** Lines under a title. */
    record Section(String title, List<Line> lines) {}

    private StatusLines() {}

    /** In one sentence: whether it serves, and if not, why. */
    static String headline(StatusReport report) {
        if (!report.ready()) {
            return "starting";
        }
        return report.notServing() == null ? "serving " + report.site() : "not serving: " + report.notServing();
    }

    static List<Section> of(StatusReport report) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("Traffic", traffic(report)));
        sections.add(new Section("Store", store(report)));
        sections.add(new Section("Memory", memory(report)));
        sections.add(new Section("This month (" + report.quota().month() + ", UTC)", quota(report)));
        sections.add(new Section("Limits in force", limits(report.limits())));
        if (!report.top().isEmpty()) {
            sections.add(new Section("Sent most", top(report)));
        }
        return sections;
    }

    private static List<Line> traffic(StatusReport report) {
        StatusReport.Traffic traffic = report.traffic();
        StatusReport.Limits limits = report.limits();
        List<Line> lines = new ArrayList<>(List.of(
                new Line("up", Amount.rate(traffic.upBytesPerSecond())),
                new Line("down", Amount.rate(traffic.downBytesPerSecond())),
                new Line("WebRTC peers", report.peers().webRtc() + " of " + limits.webRtcPeers()),
                new Line("HTTP connections", report.peers().http() + " of " + limits.httpConnections()),
                new Line(
                        "sent since start",
                        Amount.bytes(traffic.sentBytes()) + ", of it over HTTP "
                                + Amount.bytes(traffic.sentHttpBytes())),
                new Line(
                        "fetched since start",
                        "from origins " + Amount.bytes(traffic.fetchedOriginBytes()) + ", edges "
                                + Amount.bytes(traffic.fetchedEdgesBytes()) + ", pages "
                                + Amount.bytes(traffic.fetchedPagesBytes())),
                new Line("running for", since(report.startedAt(), report.at()))));
        if (report.refusal() != null) {
            lines.add(new Line("tracker", report.refusal()));
        }
        if (report.gateway() != null) {
            lines.add(new Line("HTTP gateway", gateway(report.gateway())));
        }
        return lines;
    }

    private static String gateway(StatusReport.Gateway gateway) {
        String problem = gateway.problem();
        if (problem != null) {
            return "the tracker cannot reach " + gateway.url() + ", so it tells nobody of it: " + problem;
        }
        return gateway.isReached()
                ? "the tracker reaches " + gateway.url()
                : "the tracker has not said yet whether it reaches " + gateway.url();
    }

    private static List<Line> store(StatusReport report) {
        StatusReport.Store store = report.store();
        Double ratio = store.hitRatio();
        return List.of(
                new Line("disk", of(store.bytes(), report.limits().diskBytes())),
                new Line("pieces", store.pieces() + " of " + store.contents() + " contents"),
                new Line("held when asked for", ratio == null ? "nothing was asked for yet" : Amount.share(ratio)),
                new Line("writable", store.failing() ? "no: nothing is kept, pieces are passed on" : "yes"));
    }

    private static List<Line> memory(StatusReport report) {
        StatusReport.Memory memory = report.memory();
        return List.of(
                new Line("Java's heap", of(memory.heapBytes(), report.limits().heapBytes())),
                new Line("pieces to be sent", Amount.bytes(memory.pieceBytes())),
                new Line("WebRTC", webRtc(report.webRtc(), report.limits())),
                new Line(
                        "WebRTC processes",
                        "replaced " + report.webRtc().replaced() + ", died "
                                + report.webRtc().died() + " since start"));
    }

    private static String webRtc(StatusReport.WebRtc webRtc, StatusReport.Limits limits) {
        if (webRtc.problem() != null) {
            return "peers cannot connect: " + webRtc.problem();
        }
        if (webRtc.processes() == 0) {
            return "starting";
        }
        String processes = webRtc.processes() == 1 ? "1 process" : webRtc.processes() + " processes";
        String size = webRtc.residentBytes() == 0 ? "" : Amount.bytes(webRtc.residentBytes()) + " in ";
        return size + processes + ", replaced at " + Amount.bytes(limits.webRtcMemoryBytes());
    }

    private static List<Line> quota(StatusReport report) {
        long used = report.quota().usedBytes();
        long limit = report.limits().monthlyTransferBytes();
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("used", limit == 0 ? Amount.bytes(used) : of(used, limit)));
        if (limit > 0) {
            lines.add(new Line("left", Amount.bytes(Math.max(0, limit - used))));
            lines.add(new Line("begins anew", report.quota().endsAt().toString()));
        }
        return lines;
    }

    private static List<Line> limits(StatusReport.Limits limits) {
        return List.of(
                new Line("upload-rate", perSecond(limits.uploadBytesPerSecond())),
                new Line("download-rate", perSecond(limits.downloadBytesPerSecond())),
                new Line("monthly-transfer", Amount.limit(limits.monthlyTransferBytes())),
                new Line("max-disk", Amount.bytes(limits.diskBytes())),
                new Line("max-peers", Integer.toString(limits.webRtcPeers())),
                new Line("http-connections", Integer.toString(limits.httpConnections())),
                new Line("origin-connections", Integer.toString(limits.originConnections())),
                new Line("webrtc-memory", Amount.bytes(limits.webRtcMemoryBytes())),
                new Line("piece-memory", Amount.bytes(limits.pieceMemoryBytes())),
                new Line("Java's heap (-Xmx)", Amount.bytes(limits.heapBytes())),
                new Line("service (MemoryMax)", Amount.limit(limits.serviceMemoryBytes())),
                new Line("open files", Long.toString(limits.openFiles())));
    }

    private static List<Line> top(StatusReport report) {
        return report.top().stream()
                .map(content -> new Line(
                        content.url() == null ? content.id() : content.url(), Amount.bytes(content.sentBytes())))
                .toList();
    }

    private static String perSecond(long rate) {
        return rate == 0 ? "no limit" : Amount.rate(rate);
    }

    private static String of(long part, long whole) {
        return Amount.bytes(part) + " of " + Amount.bytes(whole) + " (" + Amount.share((double) part / whole) + ")";
    }

    private static String since(Instant start, Instant now) {
        Duration span = Duration.between(start, now).truncatedTo(ChronoUnit.SECONDS);
        return span.toDays() + " d " + span.toHoursPart() + " h " + span.toMinutesPart() + " min "
                + span.toSecondsPart() + " s";
    }
}
