package dev.rivulet.tracker.access;

import dev.rivulet.protocol.Check;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Page;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.database.ApiTokenTable.Token;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Secrets for programs. */
final class TokenEndpoints implements Endpoints {
    private static final int CREATED = 201;
    private static final int MAX_NAME_CHARS = 64;

    private final ApiTokens tokens;
    private final InstantSource clock;

    TokenEndpoints(ApiTokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** A token. */
    record TokenView(
            String id,
            String name,
            Role scope,
            String madeBy,
            long madeAt,
            @Nullable Long expires) {
        static TokenView of(Token token) {
            return new TokenView(
                    token.id(),
                    token.name(),
                    ApiTokens.roleOf(token),
                    token.madeBy(),
                    token.madeAt(),
                    token.expiresAt());
        }
    }

    /** A token to be made. */
    record NewToken(
            @Help("What it is for.") String name,
            @Help("The role that its bearer has.") Role scope,

            @Help("Seconds since 1970; never unless given.") @Nullable
            Long expires) {
        NewToken {
            Check.line("name", name, 1, MAX_NAME_CHARS);
            Check.that(scope != Role.ANYONE, "scope", "write one of viewer, operator, owner");
        }
    }

    /** A token that was just made. */
    record TokenMade(
            String id,

            @Help("To be sent as Authorization: Bearer …; it cannot be read again.")
            String secret,

            String name,
            Role scope,
            @Nullable Long expires) {}

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api-tokens", Role.OWNER, "Tokens by which programs use the API, the newest first.")
                        .pages(
                                TokenView.class,
                                call -> Page.newestFirst(
                                        tokens.all().stream().map(TokenView::of).toList(),
                                        call,
                                        TokenView::madeAt,
                                        TokenView::id)),
                Endpoint.post("/api-tokens", Role.OWNER, "Make a token; only this answer has its secret.")
                        .takes(NewToken.class)
                        .status(CREATED)
                        .answers(TokenMade.class, this::make),
                Endpoint.delete("/api-tokens/{id}", Role.OWNER, "Take a token back.")
                        .does(call -> call.note(tokens.remove(call.path("id")).name())));
    }

    private TokenMade make(Call<NewToken> call) throws Refusal, IOException {
        NewToken wanted = call.body();
        Long expires = wanted.expires();
        if (expires != null && expires <= clock.instant().getEpochSecond()) {
            throw Refusal.invalid("expires", "write a time to come, in seconds since 1970");
        }
        call.note(wanted.name() + ", scope " + wanted.scope().text());
        ApiTokens.Made made = tokens.make(
                wanted.name(), wanted.scope(), expires, call.caller().name());
        return new TokenMade(made.token().id(), made.secret(), wanted.name(), wanted.scope(), expires);
    }
}
