package dev.rivulet.tracker.access;

import dev.rivulet.tracker.api.Audit;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Gate;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.database.AuditTable;
import dev.rivulet.tracker.database.TrackerDatabase;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes every part of who may do what, and wires them to each other. */
public final class Access {
    private static final Logger log = LoggerFactory.getLogger(Access.class);

    private final Accounts accounts;
    private final Credentials credentials;
    private final AuditLog audit;
    private final List<Endpoints> endpoints;

    private Access(Accounts accounts, Credentials credentials, AuditLog audit, List<Endpoints> endpoints) {
        this.accounts = accounts;
        this.credentials = credentials;
        this.audit = audit;
        this.endpoints = endpoints;
    }

    /**
     * Takes up what the database holds.
     *
     * @param localSecret of {@link LocalCredential}
     */
    public static Access open(TrackerDatabase database, String localSecret, SecureRandom random, InstantSource clock) {
        Accounts accounts = Accounts.open(database, random, clock);
        ApiTokens tokens = ApiTokens.open(database, random, clock);
        Sessions sessions = new Sessions(random);
        AuditLog audit = new AuditLog(new AuditTable(database), clock);
        Credentials credentials = new Credentials(new LocalCredential(localSecret), tokens, sessions, accounts, clock);
        Passwords passwords = new Passwords(random);
        SignIn signIn = new SignIn(accounts, sessions, passwords, new SignInLimits(), clock);
        return new Access(
                accounts,
                credentials,
                audit,
                List.of(
                        new SessionEndpoints(signIn, credentials, accounts, sessions),
                        new SecondFactorEndpoints(credentials, signIn, accounts, random, clock),
                        new OperatorEndpoints(accounts, sessions),
                        new TokenEndpoints(tokens, clock),
                        new AuditEndpoints(audit)));
    }

    /** Knows callers. */
    public Gate gate() {
        return credentials;
    }

    /** Remembers what they do. */
    public Audit audit() {
        return audit;
    }

    /** What the API gets of this. */
    public List<Endpoints> endpoints() {
        return endpoints;
    }

    /**
     * The link by which the first operator is made; empty when there is one.
     *
     * @param base of the address where operators are served, with a slash at its end
     */
    public Optional<String> firstLink(String base) throws IOException {
        if (!accounts.lacksFirst()) {
            return Optional.empty();
        }
        try {
            return Optional.of(link(base, accounts.firstTicket()));
        } catch (Refusal e) {
            log.debug("the first operator was made just now", e);
            return Optional.empty();
        }
    }

    /** The dashboard's address that asks for a password; what is behind # reaches no server and no log. */
    static String link(String base, String ticket) {
        return base + "dashboard#setup=" + ticket;
    }
}
