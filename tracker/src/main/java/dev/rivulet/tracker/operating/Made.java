package dev.rivulet.tracker.operating;

import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.publishing.Receipt;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for changes to a catalog. */
final class Made {
    private Made() {}

    /** What became of it; a refusal where the catalog refuses. */
    static Receipt.Accepted await(CompletableFuture<Receipt> change) throws Refusal, IOException, InterruptedException {
        Receipt receipt;
        try {
            receipt = change.get();
        } catch (ExecutionException e) {
            throw new IOException("the catalog was not changed", e.getCause());
        }
        if (receipt instanceof Receipt.Accepted accepted) {
            return accepted;
        }
        throw Refusal.conflict(((Receipt.Refused) receipt).reason() + ".");
    }
}
