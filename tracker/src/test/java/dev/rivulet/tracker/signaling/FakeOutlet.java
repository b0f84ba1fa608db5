package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.TrackerMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Remembers what it was to send. */
final class FakeOutlet implements Outlet {
    final List<TrackerMessage> sent = new ArrayList<>();
    int pings;
    int closeCode;
    boolean cut;

    @Override
    public void send(byte[] utf8) {
        try {
            sent.add(Messages.decodeTracker(new String(utf8, StandardCharsets.UTF_8)));
        } catch (DecodeException e) {
            throw new AssertionError("the tracker sent nonsense", e);
        }
    }

    @Override
    public void ping() {
        pings++;
    }

    @Override
    public void close(int code, String reason) {
        closeCode = code;
    }

    @Override
    public void cut() {
        cut = true;
    }

    <T extends TrackerMessage> List<T> sent(Class<T> type) {
        return sent.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The only message of that type. */
    <T extends TrackerMessage> T only(Class<T> type) {
        List<T> all = sent(type);
        if (all.size() != 1) {
            throw new AssertionError("not one " + type.getSimpleName() + " but " + all);
        }
        return all.get(0);
    }
}
