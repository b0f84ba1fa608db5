package dev.rivulet.edge.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.settings.ListenAddress;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StatusServerIT {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Metrics metrics = new Metrics(() -> StatusFormsTest.report(true), "1.2.3");
    private volatile boolean serving = true;
    private StatusServer server;
    private ListenAddress address;

    @BeforeEach
    void start() throws Exception {
        server = new StatusServer(
                ListenAddress.parse("127.0.0.1:0"),
                new StatusServer.Source(() -> StatusFormsTest.report(serving), metrics::text));
        address = server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everyFormHasItsPlace() throws Exception {
        assertThat(get("/").body()).contains("<!doctype html>", "serving demo");
        assertThat(get("/").headers().firstValue("content-security-policy").orElse(""))
                .startsWith("default-src 'none'; style-src 'sha256-");
        assertThat(get("/metrics").body()).contains("rivulet_edge_sent_bytes_total");
        assertThat(get("/metrics").headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(StatusServer.JSON.readValue(get("/status.json").body(), StatusReport.class))
                .isEqualTo(StatusFormsTest.report(true));
        assertThat(get("/other").statusCode()).isEqualTo(404);
    }

    @Test
    void healthSaysWhetherItServesAndIfNotWhy() throws Exception {
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        serving = false;
        assertThat(get("/healthz").statusCode()).isEqualTo(503);
        assertThat(get("/healthz").body()).contains("not serving: the tracker is away");
    }

    @Test
    void underAnotherNameItSaysNothing() throws Exception {
        assertThat(statusFor("Host: evil.example:" + address.port())).contains(" 421 ");
        assertThat(statusFor("Host: localhost:" + address.port())).contains(" 200 ");
        assertThat(statusFor("Host: [::1]:" + address.port())).contains(" 200 ");
    }

    private String statusFor(String host) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\n" + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    @Test
    void itOnlyAnswersGet() throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://" + address + "/"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(405);
    }
}
