package dev.rivulet.tracker.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table whose rows are added to: sums grow, peaks rise. In SQL that H2 and PostgreSQL understand. Names are our own, so
 * nothing of a stranger's becomes SQL.
 *
 * @param keys columns of the primary key
 */
record AdditiveTable(String name, List<String> keys, List<String> sums, List<String> peaks) {
    /** A row, in the order of the columns. */
    record Row(List<Object> key, List<Long> sums, List<Long> peaks) {}

    /** Adds the rows, which have different keys, to those that are there. */
    void add(Connection connection, List<Row> rows) throws SQLException {
        List<Row> missing = new ArrayList<>();
        try (PreparedStatement update = connection.prepareStatement(updateSql())) {
            for (Row row : rows) {
                set(update, Stream.of(row.sums, row.peaks, row.key));
                update.addBatch();
            }
            int[] updated = update.executeBatch();
            for (int i = 0; i < updated.length; i++) {
                if (updated[i] == 0) {
                    missing.add(rows.get(i));
                }
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(insertSql())) {
            for (Row row : missing) {
                set(insert, Stream.of(row.key, row.sums, row.peaks));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void set(PreparedStatement statement, Stream<? extends List<?>> values) throws SQLException {
        int at = 1;
        for (Object value : values.flatMap(List::stream).toList()) {
            statement.setObject(at++, value);
        }
    }

    private String updateSql() {
        String grown = Stream.concat(
                        sums.stream().map(column -> column + " = " + column + " + ?"),
                        peaks.stream().map(column -> column + " = GREATEST(" + column + ", ?)"))
                .collect(Collectors.joining(", "));
        String which = keys.stream().map(column -> column + " = ?").collect(Collectors.joining(" AND "));
        return "UPDATE " + name + " SET " + grown + " WHERE " + which;
    }

    String insertSql() {
        List<String> columns =
                Stream.of(keys, sums, peaks).flatMap(List::stream).toList();
        return "INSERT INTO " + name + " (" + String.join(", ", columns) + ") VALUES ("
                + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")";
    }
}
