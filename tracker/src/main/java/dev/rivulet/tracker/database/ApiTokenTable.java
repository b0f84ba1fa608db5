package dev.rivulet.tracker.database;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of API tokens. Thread-safe. */
public final class ApiTokenTable {
    private final TrackerDatabase database;

    public ApiTokenTable(TrackerDatabase database) {
        this.database = database;
    }

    /**
     * A token; its secret is nowhere.
     *
     * @param hash SHA-256 of the secret, base64url
     * @param madeBy the operator's name
     * @param madeAt seconds since 1970, as {@code expiresAt}
     */
    public record Token(
            String id,
            String name,
            String scope,
            String hash,
            String madeBy,
            long madeAt,
            @Nullable Long expiresAt) {}

    /** All of them, by id. */
    public List<Token> all() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT id, name, scope, hash, made_by, made_at, expires_at FROM api_token ORDER BY id");
                    ResultSet rows = select.executeQuery()) {
                List<Token> all = new ArrayList<>();
                while (rows.next()) {
                    long expiresAt = rows.getLong(7);
                    Long expires = rows.wasNull() ? null : (Long) expiresAt;
                    all.add(new Token(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getLong(6),
                            expires));
                }
                return all;
            }
        });
    }

    /** Keeps a new token. */
    public void add(Token token) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO api_token (id, name, scope, hash, made_by, made_at,"
                            + " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                insert.setString(1, token.id());
                insert.setString(2, token.name());
                insert.setString(3, token.scope());
                insert.setString(4, token.hash());
                insert.setString(5, token.madeBy());
                insert.setLong(6, token.madeAt());
                insert.setObject(7, token.expiresAt(), Types.BIGINT);
                return insert.executeUpdate();
            }
        });
    }

    /** Forgets a token. */
    public void remove(String id) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM api_token WHERE id = ?")) {
                delete.setString(1, id);
                return delete.executeUpdate();
            }
        });
        database.sync();
    }
}
