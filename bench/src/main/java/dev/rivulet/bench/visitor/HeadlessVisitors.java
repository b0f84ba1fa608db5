package dev.rivulet.bench.visitor;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.rivulet.protocol.id.SiteId;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Visitors without a browser: they join a tracker as pages, connect to the edge of a site, and ask for pieces. Nothing of
 * the product but its protocol runs here.
 *
 * <p>Usage: {@code HeadlessVisitors TRACKER SITE ORIGIN BASE_URL FOLDER AT_ONCE CONNECTIONS REQUESTS PACE_MILLIS WINDOW}.
 * The files in the folder are what is asked for. {@code CONNECTIONS} are made, {@code AT_ONCE} at a time, over each of
 * which {@code REQUESTS} are made before it is closed. With 0 connections there are {@code AT_ONCE} visitors that stay,
 * ask every {@code PACE_MILLIS}, and connect again when the edge sends them away, until the input ends. Each has at most
 * {@code WINDOW} requests open. Twice a second, and at the end, counts are printed as JSON.
 */
public final class HeadlessVisitors {
    private static final long REPORT_MILLIS = 500;

    /** Connections that one peer id makes, one right after the other: an edge takes no more (docs/protocol.md, 6.2). */
    private static final int PER_PAGE = 3;

    /** Who is turned away comes again after this, but not more often in a row than so. */
    private static final long AGAIN_MILLIS = 1000;

    private static final int MAX_TURNED_AWAY = 30;

    private final PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    private final Counts counts = new Counts();
    private final Place place;
    private final AtomicInteger left;
    private volatile boolean ending;

    private HeadlessVisitors(Place place, int connections) {
        this.place = place;
        left = new AtomicInteger(connections);
    }

    /** Runs until all connections were made, or the input has ended. */
    public static void main(String[] arguments) throws Exception {
        int connections = Integer.parseInt(arguments[6]);
        Place place = new Place(
                URI.create(arguments[0].replaceFirst("^http", "ws") + "/"),
                SiteId.parse(arguments[1]),
                arguments[2],
                Piece.of(arguments[3], Path.of(arguments[4])),
                Integer.parseInt(arguments[7]),
                connections == 0,
                Long.parseLong(arguments[8]),
                Integer.parseInt(arguments[9]));
        new HeadlessVisitors(place, connections).run(Integer.parseInt(arguments[5]));
        // Past the library's destructors.
        Runtime.getRuntime().halt(0);
    }

    private void run(int atOnce) throws Exception {
        List<Thread> visitors = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            Thread visitor = new Thread(this::visit, "visitor-" + i);
            visitor.start();
            visitors.add(visitor);
        }
        Thread reporter = new Thread(this::report, "reporter");
        reporter.setDaemon(true);
        reporter.start();
        if (place.staying()) {
            while (System.in.read() >= 0) {
                // The end of the input is what counts.
            }
            ending = true;
        }
        for (Thread visitor : visitors) {
            visitor.join();
        }
        counts.print();
    }

    private void report() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(REPORT_MILLIS);
                counts.print();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean mayConnect(int made) {
        return !ending && (place.staying() || (made < PER_PAGE && left.getAndDecrement() > 0));
    }

    private void visit() {
        int turnedAway = 0;
        while (!ending && (place.staying() || left.get() > 0)) {
            try (TrackerSocket tracker = new TrackerSocket(place)) {
                tracker.join(place);
                for (int made = 0; mayConnect(made); made++) {
                    try (Visit visit = new Visit(factory, place, tracker, counts)) {
                        visit.connect();
                        counts.connections.increment();
                        visit.ask(() -> ending);
                    }
                }
                turnedAway = 0;
            } catch (Visit.TurnedAwayException e) {
                turnedAway++;
                if (turnedAway > MAX_TURNED_AWAY) {
                    fail(e);
                } else {
                    left.incrementAndGet();
                    pause();
                }
            } catch (Exception e) {
                fail(e);
            }
        }
    }

    private void fail(Exception e) {
        counts.failed.increment();
        System.err.println(Thread.currentThread().getName() + ": " + e);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
