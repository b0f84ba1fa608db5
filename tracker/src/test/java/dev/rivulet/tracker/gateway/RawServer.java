package dev.rivulet.tracker.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers each connection with whatever a test writes, HTTP or not. */
final class RawServer implements AutoCloseable {
    /** Writes what follows a request; may throw when the client has gone. */
    @FunctionalInterface
    interface Answer {
        void to(String path, OutputStream out) throws IOException, InterruptedException;
    }

    private static final Logger log = LoggerFactory.getLogger(RawServer.class);

    final List<String> paths = new CopyOnWriteArrayList<>();
    final List<String> hosts = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;
    private final Answer answer;
    private volatile Socket last;

    RawServer(String address, Answer answer) throws IOException {
        this(new ServerSocket(0, 10, InetAddress.getByName(address)), answer);
    }

    /** At a socket that is its own from now on. */
    RawServer(ServerSocket listener, Answer answer) {
        this.answer = answer;
        this.listener = listener;
        Thread thread = new Thread(this::serve, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    static Answer text(String answer) {
        return (path, out) -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A whole answer of HTTP. */
    static Answer body(String status, String body) {
        return text("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                last = socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                String request = in.readLine();
                if (request == null || request.split(" ").length < 2) {
                    continue;
                }
                paths.add(request.split(" ")[1]);
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    if (line.startsWith("Host: ")) {
                        hosts.add(line.substring("Host: ".length()));
                    }
                }
                answer.to(request.split(" ")[1], socket.getOutputStream());
            } catch (IOException | InterruptedException e) {
                // The client broke it off, or the test is over: both are what tests look at from the other end.
                log.debug("a connection ended: {}", e.toString());
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        if (last != null) {
            last.close();
        }
    }
}
