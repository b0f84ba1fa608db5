package dev.rivulet.tracker.access;

import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Page;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.database.AuditTable.Row;
import java.io.IOException;
import java.util.List;

/** What operators did. */
record AuditEndpoints(AuditLog log) implements Endpoints {
    /** Something that somebody did, or tried. */
    record AuditView(
            long id,
            long at,

            @Help("An operator; token:NAME; local, with the file in the data directory; or nobody known.")
            String who,

            @Help("The endpoint.") String action,
            @Help("The path.") String target,
            String detail,
            @Help("The status of the answer.") int outcome) {
        static AuditView of(Row row) {
            return new AuditView(
                    row.id(), row.at(), row.who(), row.action(), row.target(), row.detail(), row.outcome());
        }
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/audit", Role.OPERATOR, "What was changed, the newest first.")
                .pages(AuditView.class, this::page));
    }

    private Page<AuditView> page(Call<Nothing> call) throws Refusal, IOException {
        String after = call.after();
        long before = after == null ? Long.MAX_VALUE : number(after);
        // One more than asked for tells whether there is more.
        List<Row> rows = log.before(before, call.limit() + 1);
        List<AuditView> items =
                rows.stream().limit(call.limit()).map(AuditView::of).toList();
        boolean more = rows.size() > items.size();
        return new Page<>(
                items, more ? String.valueOf(items.get(items.size() - 1).id()) : null);
    }

    private static long number(String text) throws Refusal {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Refusal.malformed("The query's after: copy next from the page before.");
        }
    }
}
