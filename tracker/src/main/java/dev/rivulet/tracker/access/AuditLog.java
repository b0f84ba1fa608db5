package dev.rivulet.tracker.access;

import dev.rivulet.tracker.api.Audit;
import dev.rivulet.tracker.database.AuditTable;
import dev.rivulet.tracker.database.AuditTable.Row;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what operators did in the database, the newest {@value #MAX_ROWS} of it. Thread-safe. */
final class AuditLog implements Audit {
    /** Most that is kept; what is older is forgotten. */
    static final int MAX_ROWS = 100_000;

    /** How often it is looked whether there is too much, in rows. */
    private static final int PRUNE_EACH = 100;

    private static final int MAX_WHO = 80;
    private static final int MAX_ACTION = 255;
    private static final int MAX_TARGET = 512;
    private static final int MAX_DETAIL = 1024;

    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private final AuditTable table;
    private final InstantSource clock;

    AuditLog(AuditTable table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    @Override
    public void keep(Deed entry) {
        log.info("{} {}: {} {}", entry.who(), entry.action(), entry.outcome(), entry.target());
        try {
            long id = table.add(new Row(
                    0,
                    clock.instant().getEpochSecond(),
                    cut(entry.who(), MAX_WHO),
                    cut(entry.action(), MAX_ACTION),
                    cut(entry.target(), MAX_TARGET),
                    cut(entry.detail(), MAX_DETAIL),
                    entry.outcome()));
            if (id % PRUNE_EACH == 0) {
                table.forget(id - MAX_ROWS);
            }
        } catch (IOException e) {
            log.error("could not be kept in the audit log: {}", entry, e);
        }
    }

    /** The newest before this one, the newest first. */
    List<Row> before(long id, int most) throws IOException {
        return table.before(id, most);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
