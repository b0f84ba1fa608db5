package dev.rivulet.tracker.database;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of operators' accounts and one-time links. Every write is one transaction. Thread-safe. */
public final class OperatorTables {
    private final TrackerDatabase database;

    public OperatorTables(TrackerDatabase database) {
        this.database = database;
    }

    /**
     * An account.
     *
     * @param passwordHash in the PHC string format; null until a password was set
     * @param totpKey base64url; null without a second factor
     * @param totpStep the newest time step of which a code was used
     */
    public record Account(
            String name,
            String role,
            @Nullable String passwordHash,
            @Nullable String totpKey,
            long totpStep) {}

    /**
     * A one-time link.
     *
     * @param hash SHA-256 of its secret, base64url
     * @param name whose password it sets; null: it makes the first operator
     * @param madeAt seconds since 1970
     */
    public record Ticket(String hash, @Nullable String name, long madeAt) {}

    /** All accounts. */
    public List<Account> accounts() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT name, role, password_hash, totp_key, totp_step FROM operator_account ORDER BY name");
                    ResultSet rows = select.executeQuery()) {
                List<Account> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(new Account(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getLong(5)));
                }
                return all;
            }
        });
    }

    /** Keeps an account, in the place of one of that name. */
    public void put(Account account) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement merge =
                    connection.prepareStatement("MERGE INTO operator_account (name, role, password_hash, totp_key,"
                            + " totp_step) KEY (name) VALUES (?, ?, ?, ?, ?)")) {
                merge.setString(1, account.name());
                merge.setString(2, account.role());
                merge.setString(3, account.passwordHash());
                merge.setString(4, account.totpKey());
                merge.setLong(5, account.totpStep());
                return merge.executeUpdate();
            }
        });
        database.sync();
    }

    /** Forgets an account and its links. */
    public void remove(String name) throws IOException {
        database.transaction(connection -> {
            int removed = 0;
            for (String table : List.of("operator_account", "access_ticket")) {
                try (PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM " + table + " WHERE name = ?")) {
                    delete.setString(1, name);
                    removed += delete.executeUpdate();
                }
            }
            return removed;
        });
        database.sync();
    }

    /** All one-time links, the oldest first. */
    public List<Ticket> tickets() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT hash, name, made_at FROM access_ticket ORDER BY made_at, hash");
                    ResultSet rows = select.executeQuery()) {
                List<Ticket> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(new Ticket(rows.getString(1), rows.getString(2), rows.getLong(3)));
                }
                return all;
            }
        });
    }

    /** Keeps a one-time link. */
    public void put(Ticket ticket) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO access_ticket (hash, name, made_at) VALUES (?, ?, ?)")) {
                insert.setString(1, ticket.hash());
                insert.setString(2, ticket.name());
                insert.setLong(3, ticket.madeAt());
                return insert.executeUpdate();
            }
        });
    }

    /** Forgets a one-time link. */
    public void remove(Ticket ticket) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM access_ticket WHERE hash = ?")) {
                delete.setString(1, ticket.hash());
                return delete.executeUpdate();
            }
        });
        database.sync();
    }
}
