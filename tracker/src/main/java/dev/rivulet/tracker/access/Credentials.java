package dev.rivulet.tracker.access;

import dev.rivulet.tracker.access.Sessions.Session;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Caller;
import dev.rivulet.tracker.api.Gate;
import dev.rivulet.tracker.api.Refusal;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.Headers;
import java.time.InstantSource;
import java.util.Optional;

/** Knows callers by the bearer tokens and cookies that they show; a token counts more than a cookie. */
final class Credentials implements Gate {
    /** The cookie of a browser that is signed in. */
    static final String COOKIE = "rivulet-session";

    private static final String BEARER = "Bearer ";

    private final LocalCredential local;
    private final ApiTokens tokens;
    private final Sessions sessions;
    private final Accounts accounts;
    private final InstantSource clock;

    Credentials(LocalCredential local, ApiTokens tokens, Sessions sessions, Accounts accounts, InstantSource clock) {
        this.local = local;
        this.tokens = tokens;
        this.sessions = sessions;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** Finds a session by its secret, at a time. */
    private interface Finding {
        Optional<Session> find(String secret, long now);
    }

    @Override
    public Caller of(HttpServerExchange exchange) throws Refusal {
        return of(exchange, sessions::use);
    }

    @Override
    public Caller still(HttpServerExchange exchange) throws Refusal {
        return of(exchange, sessions::find);
    }

    private Caller of(HttpServerExchange exchange, Finding finding) throws Refusal {
        String authorization = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        if (authorization != null) {
            return bearer(authorization);
        }
        Cookie cookie = exchange.getRequestCookie(COOKIE);
        return cookie == null
                ? Caller.NOBODY
                : signedIn(finding.find(cookie.getValue(), now())).orElse(Caller.NOBODY);
    }

    private Caller bearer(String authorization) throws Refusal {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw Refusal.unauthenticated("Send an API token as Authorization: Bearer TOKEN.");
        }
        String secret = authorization.substring(BEARER.length()).strip();
        return local.of(secret)
                .or(() -> tokens.of(secret))
                .orElseThrow(() -> Refusal.unauthenticated("This token is unknown, has expired or was taken back."));
    }

    private Optional<Caller> signedIn(Optional<Session> found) {
        return found.flatMap(session -> accounts.find(session.name())
                .map(account -> new Caller(account.name(), Accounts.roleOf(account), session.csrf())));
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /** The session of the browser that calls; refuses who comes with a token. */
    Session session(Call<?> call) throws Refusal {
        return call.cookie(COOKIE)
                .filter(secret -> call.caller().csrf() != null)
                .flatMap(secret -> sessions.use(secret, now()))
                .orElseThrow(() -> Refusal.conflict("This is for operators who are signed in with a password."));
    }
}
