package dev.rivulet.tracker.backup;

import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.database.TrackerDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** What the running tracker does for {@code rivulet-tracker backup}: it copies the database that only it can open. */
public record BackupEndpoints(TrackerDatabase database, Path data, InstantSource clock) implements Endpoints {
    /** Copies the database; answers with the name of a directory in the data directory. */
    public static final String COPIES = "/database-copies";

    @Override
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post(
                        COPIES, Role.OWNER, "Copy the database into the data directory, for a backup on that machine.")
                .says(call -> Backup.copy(database, data, clock.instant())));
    }
}
