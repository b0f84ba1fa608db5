package dev.rivulet.tracker.access;

import dev.rivulet.protocol.Check;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Page;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.database.OperatorTables.Account;
import java.io.IOException;
import java.util.List;

/** Who else may sign in. */
final class OperatorEndpoints implements Endpoints {
    private static final int CREATED = 201;

    private final Accounts accounts;
    private final Sessions sessions;

    OperatorEndpoints(Accounts accounts, Sessions sessions) {
        this.accounts = accounts;
        this.sessions = sessions;
    }

    /** An operator. */
    record OperatorView(
            String name,
            Role role,
            @Help("Whether there is a second factor.") boolean totp,
            @Help("False until the one-time link was used.") boolean active) {
        static OperatorView of(Account account) {
            return new OperatorView(
                    account.name(),
                    Accounts.roleOf(account),
                    account.totpKey() != null,
                    account.passwordHash() != null);
        }
    }

    /** A new operator. */
    record NewOperator(String name, Role role) {
        NewOperator {
            OperatorName.check("name", name);
            checkRole(role);
        }
    }

    /** Another role. */
    record RoleChange(Role role) {
        RoleChange {
            checkRole(role);
        }
    }

    /** A one-time link, which cannot be read again. */
    record Link(
            String name,
            String ticket,
            @Help("To be opened once, within 7 days.") String link) {}

    private static void checkRole(Role role) {
        Check.that(role != Role.ANYONE, "role", "write one of viewer, operator, owner");
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/operators", Role.OWNER, "Who may sign in.")
                        .pages(
                                OperatorView.class,
                                call -> Page.of(
                                        accounts.all().stream()
                                                .map(OperatorView::of)
                                                .toList(),
                                        call,
                                        OperatorView::name)),
                Endpoint.post("/operators", Role.OWNER, "Add an operator; answers with the link to set the password.")
                        .takes(NewOperator.class)
                        .status(CREATED)
                        .answers(Link.class, this::add),
                Endpoint.get("/operators/{name}", Role.OWNER, "One operator.").answers(OperatorView.class, this::view),
                Endpoint.patch("/operators/{name}", Role.OWNER, "Give an operator another role.")
                        .takes(RoleChange.class)
                        .edits(this::view)
                        .answers(OperatorView.class, this::change),
                Endpoint.delete("/operators/{name}", Role.OWNER, "Remove an operator, who is signed out at once.")
                        .does(this::remove),
                Endpoint.post(
                                "/operators/{name}/link",
                                Role.OWNER,
                                "A link to set another password, which switches the second factor off.")
                        .status(CREATED)
                        .answers(Link.class, call -> {
                            String name = call.path("name");
                            return link(call, name, accounts.reissue(name));
                        }),
                Endpoint.post("/setup/link", Role.OWNER, "Another link to make the first operator.")
                        .status(CREATED)
                        .answers(Link.class, call -> link(call, "", accounts.firstTicket())));
    }

    private OperatorView view(Call<Nothing> call) throws Refusal {
        String name = call.path("name");
        return accounts.find(name)
                .map(OperatorView::of)
                .orElseThrow(() -> Refusal.notFound("There is no operator " + name + "."));
    }

    private Link add(Call<NewOperator> call) throws Refusal, IOException {
        NewOperator added = call.body();
        call.note(added.name() + " as " + added.role().text());
        return link(call, added.name(), accounts.add(added.name(), added.role()));
    }

    private OperatorView change(Call<RoleChange> call) throws Refusal, IOException {
        call.note("role " + call.body().role().text());
        return OperatorView.of(accounts.role(call.path("name"), call.body().role()));
    }

    private void remove(Call<Nothing> call) throws Refusal, IOException {
        String name = call.path("name");
        accounts.remove(name);
        sessions.end(session -> session.name().equals(name));
    }

    private static Link link(Call<?> call, String name, String ticket) {
        return new Link(name, ticket, Access.link(call.arrival().base().text(), ticket));
    }
}
