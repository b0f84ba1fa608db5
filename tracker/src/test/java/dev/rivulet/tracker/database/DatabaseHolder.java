package dev.rivulet.tracker.database;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Program that opens a database, says so, and holds it until it is killed. */
final class DatabaseHolder {
    private DatabaseHolder() {}

    public static void main(String[] args) throws InterruptedException {
        TrackerDatabase.open(Path.of(args[0]));
        System.out.println("open");
        new CountDownLatch(1).await();
    }
}
