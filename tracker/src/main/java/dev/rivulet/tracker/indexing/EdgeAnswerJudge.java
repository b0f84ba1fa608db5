package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.Shareability;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.Indexed;
import dev.rivulet.tracker.indexing.ResponseJudge.Judgement;
import dev.rivulet.tracker.indexing.edge.Answer;

/** Reads off what an indexing edge reports what to do with it, as {@link ResponseJudge} off an origin's; no I/O. */
final class EdgeAnswerJudge {
    private static final int OK = 200;

    private EdgeAnswerJudge() {}

    /** What to do. */
    sealed interface Finding {
        /** Take it, once it is checked. */
        record Take(Outcome.Indexed indexed) implements Finding {}

        /** The origin answered, and the answer is not to be shared. */
        record Settled(Outcome.Refused refused) implements Finding {}

        /** It says nothing about the resource. */
        record Useless(String reason) implements Finding {}
    }

    /** Judges what an edge reports of {@code url} at {@code nowSeconds}. */
    static Finding judge(ResourceUrl url, Answer.Reported report, SitePolicy policy, long nowSeconds) {
        Indexed.Answer said = report.said();
        if (said.status() != OK) {
            // An origin may treat this edge in another way than its visitors, and no body tells.
            return new Finding.Useless("the origin answers it with status " + said.status());
        }
        long receivedAt = nowSeconds - said.ageSeconds();
        Shareability.Response response = new Shareability.Response(
                url, said.status(), said.headers(), receivedAt - said.tookSeconds(), receivedAt);
        Judgement judgement = ResponseJudge.judge(Question.OF_WHAT_IS_UNKNOWN, response, policy.webOrigins());
        if (judgement instanceof Judgement.Read read) {
            return take(url, report, receivedAt, read.freshSeconds());
        }
        return judgement instanceof Judgement.Done done && done.outcome() instanceof Outcome.Refused refused
                ? new Finding.Settled(refused)
                : new Finding.Useless("it cannot be judged");
    }

    private static Finding take(ResourceUrl url, Answer.Reported report, long receivedAt, long freshSeconds) {
        Indexed.Body body = report.said().body();
        if (body == null) {
            return new Finding.Useless("it did not read what may be shared");
        }
        try {
            Layout layout = Layout.of(body.size(), report.hashes());
            Entry entry = Entry.of(
                    url.hash(),
                    layout,
                    Entry.headersOf(report.said().headers()),
                    Validators.of(report.said().headers()),
                    receivedAt + freshSeconds,
                    body.ranges());
            if (entry.encodedBytes() > Limits.MAX_ENTRY_BYTES) {
                return new Finding.Settled(
                        new Outcome.Refused("its headers do not fit an entry of " + Limits.MAX_ENTRY_BYTES + " bytes"));
            }
            return new Finding.Take(new Outcome.Indexed(entry, layout, freshSeconds));
        } catch (InvalidValueException e) {
            return new Finding.Useless("it does not fit an entry: " + e.getMessage());
        }
    }
}
