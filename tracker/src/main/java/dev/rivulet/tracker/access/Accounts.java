package dev.rivulet.tracker.access;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.database.OperatorTables;
import dev.rivulet.tracker.database.OperatorTables.Account;
import dev.rivulet.tracker.database.OperatorTables.Ticket;
import dev.rivulet.tracker.database.TrackerDatabase;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Operators and the one-time links by which they set their passwords; in the database, and here. Thread-safe. */
final class Accounts {
    /** Most operators. */
    static final int MAX_ACCOUNTS = 1000;
    /** How long an operator's link is good. That to make the first operator is good until it, or another, was used. */
    static final Duration LINK_LIFE = Duration.ofDays(7);
    /** Links to make the first operator: each start prints one, and the newest of them are good. */
    static final int MAX_FIRST_LINKS = 4;

    private final OperatorTables tables;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Map<String, Account> byName = new TreeMap<>();
    private final List<Ticket> tickets;

    private Accounts(OperatorTables tables, SecureRandom random, InstantSource clock) throws IOException {
        this.tables = tables;
        this.random = random;
        this.clock = clock;
        tables.accounts().forEach(account -> byName.put(account.name(), account));
        this.tickets = new ArrayList<>(tables.tickets());
    }

    /** Takes up what the database holds; throws {@link ConfigException} when that cannot be read. */
    static Accounts open(TrackerDatabase database, SecureRandom random, InstantSource clock) {
        try {
            return new Accounts(new OperatorTables(database), random, clock);
        } catch (IOException e) {
            throw new ConfigException("data", null, "operators cannot be read from the database: " + e.getMessage());
        }
    }

    /** The role of an account. */
    static Role roleOf(Account account) {
        return Role.valueOf(account.role().toUpperCase(Locale.ROOT));
    }

    /** The account of this name. */
    synchronized Optional<Account> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All of them, by name. */
    synchronized List<Account> all() {
        return List.copyOf(byName.values());
    }

    /** Whether nobody can sign in yet. */
    synchronized boolean lacksFirst() {
        return byName.values().stream().allMatch(account -> account.passwordHash() == null);
    }

    /** The secret of another link to make the first operator; refuses when there is one. */
    synchronized String firstTicket() throws Refusal, IOException {
        if (!lacksFirst()) {
            throw Refusal.conflict("There is an operator already, who can add others.");
        }
        List<Ticket> first =
                tickets.stream().filter(ticket -> ticket.name() == null).toList();
        for (int i = 0; i <= first.size() - MAX_FIRST_LINKS; i++) {
            forget(first.get(i));
        }
        return issue(null);
    }

    /** Adds an operator without a password; returns the secret of the link to set one. */
    synchronized String add(String name, Role role) throws Refusal, IOException {
        if (byName.containsKey(name)) {
            throw Refusal.conflict("There is an operator " + name + " already.");
        }
        if (byName.size() >= MAX_ACCOUNTS) {
            throw Refusal.conflict("There are " + MAX_ACCOUNTS + " operators; remove some.");
        }
        put(new Account(name, role.text(), null, null, 0));
        return issue(name);
    }

    /** The secret of a new link for an operator, with which those before are void. */
    synchronized String reissue(String name) throws Refusal, IOException {
        require(name);
        for (Ticket ticket : List.copyOf(tickets)) {
            if (name.equals(ticket.name())) {
                forget(ticket);
            }
        }
        return issue(name);
    }

    /** Whether a link can be used under this name; refuses when not. */
    synchronized void check(String secret, String name) throws Refusal {
        ticketOf(secret, name);
    }

    /**
     * Uses a link: makes the first operator, or sets an operator's password and switches the second factor off.
     *
     * @return the account
     */
    synchronized Account redeem(String secret, String name, String passwordHash) throws Refusal, IOException {
        Ticket ticket = ticketOf(secret, name);
        if (ticket.name() == null) {
            for (Ticket each : List.copyOf(tickets)) {
                if (each.name() == null) {
                    forget(each);
                }
            }
            put(new Account(name, Role.OWNER.text(), passwordHash, null, 0));
        } else {
            // Before the password: a link is never good twice, whatever fails.
            forget(ticket);
            put(new Account(name, require(name).role(), passwordHash, null, 0));
        }
        return require(name);
    }

    /** Gives an operator another role; refuses to leave no owner. */
    synchronized Account role(String name, Role role) throws Refusal, IOException {
        Account before = require(name);
        if (role != Role.OWNER) {
            refuseLastOwner(before);
        }
        put(new Account(name, role.text(), before.passwordHash(), before.totpKey(), before.totpStep()));
        return require(name);
    }

    /** Sets an operator's password. */
    synchronized void password(String name, String hash) throws Refusal, IOException {
        Account before = require(name);
        put(new Account(name, before.role(), hash, before.totpKey(), before.totpStep()));
    }

    /** Sets an operator's second factor, or takes it away; {@code step} is the newest of which a code was used. */
    synchronized void totp(String name, @Nullable String key, long step) throws Refusal, IOException {
        Account before = require(name);
        put(new Account(name, before.role(), before.passwordHash(), key, step));
    }

    /** Uses a code's time step up; refuses where it is used already. */
    synchronized boolean useStep(String name, long step) throws Refusal, IOException {
        Account before = require(name);
        if (step <= before.totpStep()) {
            return false;
        }
        put(new Account(name, before.role(), before.passwordHash(), before.totpKey(), step));
        return true;
    }

    /** Removes an operator; refuses to leave no owner. */
    synchronized void remove(String name) throws Refusal, IOException {
        refuseLastOwner(require(name));
        tables.remove(name);
        byName.remove(name);
        tickets.removeIf(ticket -> name.equals(ticket.name()));
    }

    private void refuseLastOwner(Account leaving) throws Refusal {
        boolean another = byName.values().stream()
                .anyMatch(each -> !each.equals(leaving) && roleOf(each) == Role.OWNER && each.passwordHash() != null);
        if (roleOf(leaving) == Role.OWNER && leaving.passwordHash() != null && !another) {
            throw Refusal.conflict(leaving.name() + " is the last owner; make another one first.");
        }
    }

    private Ticket ticketOf(String secret, String name) throws Refusal {
        String hash = Secret.hash(secret);
        long oldest = now() - LINK_LIFE.toSeconds();
        Ticket ticket = tickets.stream()
                .filter(each -> each.hash().equals(hash))
                .filter(each -> each.name() == null ? lacksFirst() : each.madeAt() > oldest)
                .findAny()
                .orElseThrow(() -> Refusal.of(
                        StatusCodes.FORBIDDEN,
                        "link-void",
                        "This link was used, has expired or was replaced; ask for another one."));
        if (ticket.name() != null && !ticket.name().equals(name)) {
            throw Refusal.invalid("name", "this link is for " + ticket.name());
        }
        if (ticket.name() == null && byName.containsKey(name)) {
            throw Refusal.invalid("name", "there is an operator of this name already; choose another");
        }
        return ticket;
    }

    private String issue(@Nullable String name) throws IOException {
        String secret = Secret.make(random);
        Ticket ticket = new Ticket(Secret.hash(secret), name, now());
        tables.put(ticket);
        tickets.add(ticket);
        return secret;
    }

    private void forget(Ticket ticket) throws IOException {
        tables.remove(ticket);
        tickets.removeIf(each -> Objects.equals(each, ticket));
    }

    private void put(Account account) throws IOException {
        tables.put(account);
        byName.put(account.name(), account);
    }

    private Account require(String name) throws Refusal {
        Account account = byName.get(name);
        if (account == null) {
            throw Refusal.notFound("There is no operator " + name + ".");
        }
        return account;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
