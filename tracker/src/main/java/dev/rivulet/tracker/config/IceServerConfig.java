package dev.rivulet.tracker.config;

import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.Setting;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A STUN or TURN server, as in {@code RTCIceServer} of the WebRTC specification. */
public record IceServerConfig(
        @Setting(help = "`stun:`, `stuns:`, `turn:` or `turns:` URLs of the one server.")
        List<String> urls,

        @Setting(help = "User name at a TURN server.") @Nullable
        String username,

        @Setting(help = "Password at a TURN server.", secret = true) @Nullable
        String credential) {

    private static final Pattern URL = Pattern.compile("(stun|turn)s?:[^\\s/]+");

    public IceServerConfig {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new ConfigException("urls", null, "write at least one, such as [\"stun:stun.example:3478\"]");
        }
        for (String url : urls) {
            if (!URL.matcher(url).matches()) {
                throw new ConfigException("urls", url, "write a stun: or turn: URL, such as stun:stun.example:3478");
            }
        }
        try {
            new IceServer(urls, username, credential);
        } catch (InvalidValueException e) {
            throw new ConfigException(e.field(), null, e.reason());
        }
    }

    /** As welcomes name it. */
    public IceServer told() {
        return new IceServer(urls, username, credential);
    }
}
