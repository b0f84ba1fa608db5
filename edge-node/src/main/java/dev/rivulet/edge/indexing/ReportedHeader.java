package dev.rivulet.edge.indexing;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.message.Indexed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of an origin's header is reported; no I/O. */
final class ReportedHeader {
    private static final String COOKIE = "set-cookie";

    private ReportedHeader() {}

    /**
     * The fields to report. A cookie's value is nobody's business, and an entry can do without a field that it cannot
     * carry; any other that cannot be reported might change whether the resource may be shared.
     *
     * @return empty when it cannot be reported
     */
    static Optional<HeaderFields> of(HeaderFields origin) {
        Map<String, List<String>> reported = new LinkedHashMap<>();
        for (String name : Indexed.HEADER_NAMES) {
            List<String> lines = name.equals(COOKIE) && origin.has(name) ? List.of("") : origin.all(name);
            if (lines.isEmpty()) {
                continue;
            }
            if (lines.size() <= Limits.MAX_INDEX_HEADER_LINES
                    && lines.stream().allMatch(HeaderFields::isVisibleAscii)) {
                reported.put(name, lines);
            } else if (!Entry.HEADER_NAMES.contains(name)) {
                return Optional.empty();
            }
        }
        return Optional.of(HeaderFields.of(reported));
    }
}
