package dev.rivulet.tracker.access;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.Check;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.database.OperatorTables.Account;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;

/** One's own second factor: codes of an authenticator program. */
final class SecondFactorEndpoints implements Endpoints {
    private static final int MAX_CODE_CHARS = 16;

    private final Credentials credentials;
    private final SignIn signIn;
    private final Accounts accounts;
    private final SecureRandom random;
    private final InstantSource clock;

    SecondFactorEndpoints(
            Credentials credentials, SignIn signIn, Accounts accounts, SecureRandom random, InstantSource clock) {
        this.credentials = credentials;
        this.signIn = signIn;
        this.accounts = accounts;
        this.random = random;
        this.clock = clock;
    }

    /** What an authenticator program needs. */
    record TotpKey(
            @Help("Base32, to be typed.") String secret,
            @Help("The same as otpauth: address.") String uri) {}

    /** A code. */
    record Code(@Help("Six digits.") String code) {
        Code {
            Check.line("code", code, 1, MAX_CODE_CHARS);
        }
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/session/totp", Role.VIEWER, "Begin with a second factor; it counts once confirmed.")
                        .answers(TotpKey.class, this::begin),
                Endpoint.put("/session/totp", Role.VIEWER, "Confirm the second factor with its first code.")
                        .takes(Code.class)
                        .does(this::confirm),
                Endpoint.delete("/session/totp", Role.VIEWER, "Switch the second factor off, with a code of it.")
                        .takes(Code.class)
                        .does(this::remove));
    }

    private TotpKey begin(Call<Nothing> call) throws Refusal {
        Sessions.Session session = credentials.session(call);
        if (hasFactor(session.name())) {
            throw Refusal.conflict("There is a second factor already; switch it off first.");
        }
        byte[] key = new byte[Totp.KEY_BYTES];
        random.nextBytes(key);
        session.newTotpKey(key);
        return new TotpKey(Totp.base32(key), Totp.uri(session.name(), key));
    }

    private void confirm(Call<Code> call) throws Refusal, IOException {
        Sessions.Session session = credentials.session(call);
        byte[] key = session.newTotpKey();
        if (key == null || hasFactor(session.name())) {
            throw Refusal.conflict("Begin with POST /session/totp.");
        }
        OptionalLong step = Totp.step(key, call.body().code(), clock.instant().getEpochSecond(), 0);
        if (step.isEmpty()) {
            throw Refusal.invalid("code", "this is not the code of now; is the telephone's clock right?");
        }
        accounts.totp(session.name(), Base64Url.encode(key), step.getAsLong());
        session.newTotpKey(null);
    }

    private void remove(Call<Code> call) throws Refusal, IOException {
        Sessions.Session session = credentials.session(call);
        if (!hasFactor(session.name())) {
            throw Refusal.conflict("There is no second factor.");
        }
        signIn.confirm(session.name(), call.body().code(), call.arrival().address());
        accounts.totp(session.name(), null, 0);
    }

    private boolean hasFactor(String name) {
        return accounts.find(name).map(Account::totpKey).isPresent();
    }
}
