package dev.rivulet.tracker.gateway;

import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** Checks whose looks find what a test says, as soon as an edge is ready. */
public final class FakeGateways {
    /** What was looked for. */
    public record Look(Claim claim, String token, boolean urgent) {}

    public final List<Look> looks = new ArrayList<>();
    public final GatewayChecks checks;
    /** What the next looks find. */
    public Optional<HttpChecked> found = Optional.of(HttpChecked.REACHED);

    public FakeGateways(LongSupplier clockMs) {
        this.checks = new GatewayChecks(this::look, Runnable::run, clockMs, new SplittableRandom(1));
    }

    private Optional<HttpChecked> look(Claim claim, HttpCheck check, boolean urgent) {
        looks.add(new Look(claim, check.token(), urgent));
        return found;
    }
}
