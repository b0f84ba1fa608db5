package dev.rivulet.tracker.access;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.database.OperatorTables.Account;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Checks passwords and codes, no faster than {@link SignInLimits} allows. Blocks. Thread-safe. */
final class SignIn {
    private final Accounts accounts;
    private final Sessions sessions;
    private final Passwords passwords;
    private final SignInLimits limits;
    private final InstantSource clock;

    SignIn(Accounts accounts, Sessions sessions, Passwords passwords, SignInLimits limits, InstantSource clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.passwords = passwords;
        this.limits = limits;
        this.clock = clock;
    }

    /** Begins a session; refuses without saying whether name or password was wrong. */
    Sessions.Begun begin(String name, String password, @Nullable String code, InetAddress from)
            throws Refusal, IOException, InterruptedException {
        pay(name, from);
        Optional<Account> account = accounts.find(name);
        String hash = account.map(Account::passwordHash).orElse(null);
        if (!passwords.matches(password, hash) || account.isEmpty()) {
            throw wrong();
        }
        if (account.get().totpKey() != null) {
            if (code == null) {
                // No more than that: else who knows the password could have as many codes looked at as there are.
                limits.refund(name, from, nowMs());
                throw Refusal.of(StatusCodes.UNAUTHORIZED, "code-required", "Send the code of the second factor, too.");
            }
            useCode(account.get(), code);
        }
        limits.succeeded(name, from, nowMs());
        return sessions.begin(name, now());
    }

    /** Begins a session of an operator who has just set a password by a one-time link. */
    Sessions.Begun redeem(String ticket, String name, String password)
            throws Refusal, IOException, InterruptedException {
        accounts.check(ticket, name);
        Account account = accounts.redeem(ticket, name, passwords.hash(password));
        sessions.end(session -> session.name().equals(account.name()));
        return sessions.begin(account.name(), now());
    }

    /** Sets another password, which ends all other sessions; the old one is asked for under the same limits. */
    void change(Sessions.Session own, String old, String password, InetAddress from)
            throws Refusal, IOException, InterruptedException {
        pay(own.name(), from);
        String hash = accounts.find(own.name()).map(Account::passwordHash).orElse(null);
        if (!passwords.matches(old, hash)) {
            throw Refusal.invalid("old", "this is not your password");
        }
        limits.succeeded(own.name(), from, nowMs());
        accounts.password(own.name(), passwords.hash(password));
        sessions.end(session -> session != own && session.name().equals(own.name()));
    }

    /** Uses a code of the second factor up, under the same limits; refuses a wrong one, and one that was used. */
    void confirm(String name, String code, InetAddress from) throws Refusal, IOException {
        pay(name, from);
        Account account = accounts.find(name).orElseThrow(SignIn::wrong);
        try {
            useCode(account, code);
        } catch (Refusal e) {
            throw Refusal.invalid("code", "this is not the code of now, or it was used already; wait for the next");
        }
        limits.succeeded(name, from, nowMs());
    }

    private void useCode(Account account, String code) throws Refusal, IOException {
        OptionalLong step = account.totpKey() == null
                ? OptionalLong.empty()
                : Totp.step(key(account.totpKey()), code, now(), account.totpStep());
        if (step.isEmpty() || !accounts.useStep(account.name(), step.getAsLong())) {
            throw wrong();
        }
    }

    private void pay(String name, InetAddress from) throws Refusal {
        long seconds = limits.pay(name, from, nowMs());
        if (seconds > 0) {
            throw Refusal.tooOften("Too many attempts failed; try again in " + seconds + " s.", seconds);
        }
    }

    private static byte[] key(String text) {
        try {
            return Base64Url.decode(text);
        } catch (DecodeException e) {
            throw new IllegalStateException("the database holds a key that is none", e);
        }
    }

    private static Refusal wrong() {
        return Refusal.of(StatusCodes.UNAUTHORIZED, "wrong-credentials", "Name, password or code is wrong.");
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private long nowMs() {
        return clock.millis();
    }
}
