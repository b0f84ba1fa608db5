package dev.rivulet.edge.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One report as text, as a page, as JSON, and as metrics. */
final class StatusFormsTest {
    /** A report with a figure of its own in every place. */
    static StatusReport report(boolean serving) {
        return new StatusReport(
                "1.2.3",
                "demo",
                Instant.parse("2026-11-21T12:00:00Z"),
                Instant.parse("2026-11-20T10:30:00Z"),
                true,
                serving ? null : "the tracker is away; it goes on when it is back",
                serving ? null : "the tracker refuses this edge",
                new StatusReport.Gateway(
                        "https://edge.example/",
                        serving ? "reached" : "unreached",
                        serving ? null : "the connection is refused\u009b; open TCP port 443"),
                new StatusReport.Traffic(3 << 20, 1536, 5L << 30, 1L << 30, 7 << 20, 8 << 20, 9 << 20),
                new StatusReport.Peers(12, 34),
                new StatusReport.Store(2L << 30, 8192, 77, 900, 100, false),
                new StatusReport.Memory(60 << 20, 3 << 19),
                new StatusReport.WebRtc(
                        serving, serving ? 2 : 0, 150 << 20, 3, 1, serving ? null : "the WebRTC library does not load"),
                new StatusReport.Quota("2026-11", 125L << 30, Instant.parse("2026-12-01T00:00:00Z")),
                new StatusReport.Limits(
                        32 << 20,
                        0,
                        500L << 30,
                        10L << 30,
                        64,
                        512,
                        8,
                        320 << 20,
                        96 << 20,
                        256 << 20,
                        800 << 20,
                        1024),
                List.of(
                        new StatusReport.Content("id-of-a-content", null, 4096),
                        new StatusReport.Content("id", "https://example.org/<b>&\u001b[31m", 1024)));
    }

    @Test
    void theTextSaysItAll() {
        String text = StatusText.of(report(true));

        assertThat(text)
                .startsWith("rivulet-edge 1.2.3: serving demo\n")
                .contains("3.0 MiB/s", "1.5 KiB/s", "12 of 64", "34 of 512")
                .contains("2.0 GiB of 10.0 GiB (20.0 %)", "8192 of 77 contents", "90.0 %")
                .contains("60.0 MiB of 256 MiB (23.4 %)", "1.5 MiB", "320 MiB", "96.0 MiB", "800 MiB")
                .contains("125 GiB of 500 GiB (25.0 %)", "375 GiB", "2026-12-01T00:00:00Z")
                .contains("150 MiB in 2 processes, replaced at 320 MiB", "replaced 3, died 1 since start")
                .contains("1 d 1 h 30 min 0 s", "no limit", "id-of-a-content")
                .doesNotContain("\u001b");
    }

    @Test
    void thatItDoesNotServeIsSaidFirst() {
        assertThat(StatusText.of(report(false)).lines().findFirst().orElse(""))
                .contains("not serving: the tracker is away; it goes on when it is back");
        assertThat(StatusPage.of(report(false))).contains("class=\"state bad\"");
    }

    @Test
    void thePageSaysTheSameAndEscapesIt() {
        String page = StatusPage.of(report(true));

        assertThat(page)
                .contains("3.0 MiB/s", "125 GiB of 500 GiB (25.0 %)", "https://example.org/&lt;b&gt;&amp;")
                .doesNotContain("<b>", "<script");
    }

    @Test
    void howTheTrackerFindsTheGatewayIsSaid() {
        assertThat(StatusText.of(report(true))).contains("the tracker reaches https://edge.example/");
        assertThat(StatusText.of(report(false)))
                .contains("the tracker cannot reach https://edge.example/, so it tells nobody of it:"
                        + " the connection is refused?; open TCP port 443");
        assertThat(StatusPage.of(report(false))).contains("open TCP port 443");
    }

    @Test
    void thatTheTrackerRefusesItIsSaid() {
        assertThat(StatusText.of(report(false))).contains("the tracker refuses this edge");
    }

    @Test
    void thatPeersCannotConnectIsSaid() {
        assertThat(StatusText.of(report(false))).contains("peers cannot connect: the WebRTC library does not load");
    }

    @Test
    void jsonReadsBackAsItWas() throws Exception {
        String json = StatusServer.JSON.writeValueAsString(report(true));

        assertThat(StatusServer.JSON.readValue(json, StatusReport.class)).isEqualTo(report(true));
    }

    @Test
    void metricsHaveTheNamesAndUnitsOfPrometheus() {
        String text = new Metrics(() -> report(false), "1.2.3").text();

        assertThat(text.lines())
                .contains(
                        "rivulet_edge_sent_bytes_total{by=\"http\"} 1.073741824E9",
                        "rivulet_edge_sent_bytes_total{by=\"webrtc\"} 4.294967296E9",
                        "rivulet_edge_fetched_bytes_total{from=\"origin\"} 7340032.0",
                        "rivulet_edge_requested_pieces_total{result=\"hit\"} 900.0",
                        "rivulet_edge_connections{by=\"webrtc\"} 12.0",
                        "rivulet_edge_store_used_bytes 2.147483648E9",
                        "rivulet_edge_store_limit_bytes 1.073741824E10",
                        "rivulet_edge_month_transfer_bytes 1.34217728E11",
                        "rivulet_edge_serving 0.0",
                        "rivulet_edge_webrtc_resident_bytes 1.572864E8",
                        "rivulet_edge_webrtc_memory_limit_bytes 3.3554432E8",
                        "rivulet_edge_webrtc_processes 0.0",
                        "rivulet_edge_webrtc_ready 0.0",
                        "rivulet_edge_webrtc_processes_replaced_total 3.0",
                        "rivulet_edge_webrtc_processes_died_total 1.0",
                        "rivulet_edge_refused 1.0",
                        "rivulet_edge_gateway_reached 0.0",
                        "rivulet_edge_upload_limit_bytes_per_second 3.3554432E7",
                        "rivulet_edge_info{version=\"1.2.3\"} 1");
        assertThat(text)
                .contains("jvm_memory_used_bytes", "process_files_open_files")
                .doesNotContain("example.org");
    }

    @Test
    void amountsAreReadable() {
        assertThat(List.of(Amount.bytes(0), Amount.bytes(1023), Amount.bytes(1024), Amount.bytes(102_300)))
                .containsExactly("0 B", "1023 B", "1.0 KiB", "99.9 KiB");
        assertThat(Amount.bytes(Long.MAX_VALUE)).isEqualTo("8192 PiB");
    }
}
