package dev.rivulet.tracker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
    @Property
    void aCallerNeedsTheRoleAndItsBrowserTheToken(
            @ForAll Role least, @ForAll Role role, @ForAll boolean change, @ForAll boolean browser) {
        Endpoint endpoint = (change ? Endpoint.post("/x", least, "") : Endpoint.get("/x", least, "")).does(call -> {});
        Caller caller = new Caller("ada", role, browser && role != Role.ANYONE ? "token" : null);

        int withToken = status(endpoint, caller, "token");
        int without = status(endpoint, caller, null);
        int withAnother = status(endpoint, caller, "tokem");

        int expected = least == Role.ANYONE ? 0 : role == Role.ANYONE ? 401 : role.compareTo(least) < 0 ? 403 : 0;
        assertThat(withToken).isEqualTo(expected);
        boolean forged = change && caller.csrf() != null && least != Role.ANYONE;
        assertThat(without).isEqualTo(forged ? 403 : expected);
        assertThat(withAnother).isEqualTo(forged ? 403 : expected);
    }

    @Test
    void readingNeedsNoToken() {
        Endpoint endpoint = Endpoint.get("/x", Role.VIEWER, "").does(call -> {});

        assertThatCode(() -> Admission.check(endpoint, new Caller("ada", Role.VIEWER, "token"), null))
                .doesNotThrowAnyException();
    }

    private static int status(Endpoint endpoint, Caller caller, String csrf) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Admission.check(endpoint, caller, csrf));
        return refusal == null ? 0 : refusal.status();
    }
}
