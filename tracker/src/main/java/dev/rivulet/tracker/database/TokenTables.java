package dev.rivulet.tracker.database;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.config.TokenConfig.Role;
import dev.rivulet.tracker.site.IssuedToken;
import dev.rivulet.tracker.site.TokenKeeper;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of tokens that operators issued. What changes it is on the disk when it returns. Thread-safe. */
public final class TokenTables implements TokenKeeper {
    private final TrackerDatabase database;

    public TokenTables(TrackerDatabase database) {
        this.database = database;
    }

    @Override
    public List<IssuedToken> all() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT id, hash, role, site, may_index, note, created, expires, edge FROM token");
                    ResultSet rows = select.executeQuery()) {
                List<IssuedToken> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(token(rows));
                }
                return all;
            }
        });
    }

    @Override
    public void put(IssuedToken token) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO token (id, hash, role, site, may_index, note, created, expires, edge)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setString(1, token.id());
                insert.setString(2, token.hash().text());
                insert.setString(3, token.role().name());
                insert.setString(4, token.site().text());
                insert.setBoolean(5, token.index());
                insert.setString(6, token.note());
                insert.setLong(7, token.created());
                insert.setObject(8, token.expires());
                insert.setString(9, token.edge() == null ? null : token.edge().text());
                return insert.executeUpdate();
            }
        });
        database.sync();
    }

    @Override
    public void bind(String id, KeyId edge) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE token SET edge = ? WHERE id = ?")) {
                update.setString(1, edge.text());
                update.setString(2, id);
                return update.executeUpdate();
            }
        });
        database.sync();
    }

    @Override
    public void delete(String id) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM token WHERE id = ?")) {
                delete.setString(1, id);
                return delete.executeUpdate();
            }
        });
        database.sync();
    }

    private static IssuedToken token(ResultSet row) throws SQLException {
        try {
            String edge = row.getString(9);
            return new IssuedToken(
                    row.getString(1),
                    Sha256.parse(row.getString(2)),
                    Role.valueOf(row.getString(3)),
                    new SiteId(row.getString(4)),
                    row.getBoolean(5),
                    row.getString(6),
                    row.getLong(7),
                    time(row, 8),
                    edge == null ? null : KeyId.parse(edge));
        } catch (DecodeException | IllegalArgumentException e) {
            throw new SQLException("the token " + row.getString(1) + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Null where there is none. */
    static @Nullable Long time(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
