package dev.rivulet.tracker.access;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rivulet.protocol.Check;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Caller;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.database.OperatorTables.Account;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signing in and out, and one's own password. */
final class SessionEndpoints implements Endpoints {
    private static final String SET_COOKIE = "Set-Cookie";
    private static final int MAX_CODE_CHARS = 16;
    /** Longer names and passwords are nobody's. */
    private static final int MAX_GIVEN_CHARS = 1024;

    private final SignIn signIn;
    private final Credentials credentials;
    private final Accounts accounts;
    private final Sessions sessions;

    SessionEndpoints(SignIn signIn, Credentials credentials, Accounts accounts, Sessions sessions) {
        this.signIn = signIn;
        this.credentials = credentials;
        this.accounts = accounts;
        this.sessions = sessions;
    }

    /** Who is signed in. */
    record SessionView(
            Who operator,

            @Help("To be sent as X-Rivulet-Csrf with what changes something; null for tokens.") @Nullable
            String csrf) {
        record Who(
                String name,
                Role role,
                @Help("Whether there is a second factor.") boolean totp) {}
    }

    /** What signing in takes. */
    record Given(
            String name,
            String password,

            @Help("Six digits, where there is a second factor.") @Nullable
            String code) {
        Given {
            Check.text("name", name, 0, MAX_GIVEN_CHARS);
            Check.text("password", password, 0, MAX_GIVEN_CHARS);
            Check.optionalLine("code", code, 0, MAX_CODE_CHARS);
        }
    }

    /** What using a one-time link takes. */
    record Setup(@Help("What follows #setup= in the link.") String ticket, String name, String password) {
        Setup {
            Check.line("ticket", ticket, 1, MAX_GIVEN_CHARS);
            OperatorName.check("name", name);
            Passwords.check("password", password);
        }
    }

    /** Another password. */
    record PasswordChange(String old, @JsonProperty("new") String newPassword) {

        PasswordChange {
            Check.text("old", old, 0, MAX_GIVEN_CHARS);
            Passwords.check("new", newPassword);
        }
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/session", Role.VIEWER, "Who calls.").answers(SessionView.class, this::view),
                Endpoint.post("/session", Role.ANYONE, "Sign in: sets the cookie.")
                        .takes(Given.class)
                        .answers(SessionView.class, this::begin),
                Endpoint.delete("/session", Role.VIEWER, "Sign out.").does(this::end),
                Endpoint.post("/setup", Role.ANYONE, "Use a one-time link: sets the password, and signs in.")
                        .takes(Setup.class)
                        .answers(SessionView.class, this::setUp),
                Endpoint.put("/session/password", Role.VIEWER, "Set another password; ends all other sessions of it.")
                        .takes(PasswordChange.class)
                        .does(call -> signIn.change(
                                credentials.session(call),
                                call.body().old(),
                                call.body().newPassword(),
                                call.arrival().address())));
    }

    private SessionView view(Call<Nothing> call) {
        Caller caller = call.caller();
        boolean totp = caller.csrf() != null
                && accounts.find(caller.name())
                        .map(account -> account.totpKey() != null)
                        .orElse(false);
        return new SessionView(new SessionView.Who(caller.name(), caller.role(), totp), caller.csrf());
    }

    private SessionView begin(Call<Given> call) throws Refusal, IOException, InterruptedException {
        Given given = call.body();
        InetAddress from = call.arrival().address();
        if (accounts.find(given.name()).isPresent()) {
            // Other names may be passwords, typed into the wrong field.
            call.by(given.name());
        }
        call.note("from " + from.getHostAddress());
        return signedIn(call, signIn.begin(given.name(), given.password(), given.code(), from));
    }

    private SessionView setUp(Call<Setup> call) throws Refusal, IOException, InterruptedException {
        Setup setup = call.body();
        Sessions.Begun begun = signIn.redeem(setup.ticket(), setup.name(), setup.password());
        call.by(setup.name());
        call.note("from " + call.arrival().address().getHostAddress());
        return signedIn(call, begun);
    }

    private SessionView signedIn(Call<?> call, Sessions.Begun begun) throws Refusal {
        Account account = accounts.find(begun.session().name())
                .orElseThrow(() -> Refusal.of(StatusCodes.UNAUTHORIZED, "wrong-credentials", "It was removed."));
        call.header(SET_COOKIE, cookie(call, begun.secret(), (int) Sessions.LONGEST.toSeconds()));
        return new SessionView(
                new SessionView.Who(account.name(), Accounts.roleOf(account), account.totpKey() != null),
                begun.session().csrf());
    }

    private void end(Call<Nothing> call) throws Refusal {
        Sessions.Session own = credentials.session(call);
        sessions.end(session -> session == own);
        call.header(SET_COOKIE, cookie(call, "", 0));
    }

    private static String cookie(Call<?> call, String value, int seconds) {
        return Credentials.COOKIE + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (call.arrival().base().text().startsWith("https:") ? "; Secure" : "");
    }
}
