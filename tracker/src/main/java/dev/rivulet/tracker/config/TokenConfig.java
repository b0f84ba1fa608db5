package dev.rivulet.tracker.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.Setting;

/** A secret that lets its bearer do one thing for one site. */
public record TokenConfig(
        @Setting(help = "The secret, without spaces; `openssl rand -base64 24` makes a good one.", secret = true)
        String token,

        @Setting(help = "`publish`: may publish entries; `edge`: may join as an edge.")
        Role role,

        @Setting(help = "The id of the site it is for.") String site,

        @Setting(
                help =
                        "Of an edge: whether it is trusted to fetch and hash what visitors ask for, in the tracker's place."
                                + " Some of it is checked; whoever lies nevertheless gives visitors wrong bytes, so trust machines"
                                + " of your own.",
                fallback = "false")
        boolean index) {

    /** What a token lets its bearer do. */
    public enum Role {
        @JsonProperty("publish")
        PUBLISH,
        @JsonProperty("edge")
        EDGE
    }

    public TokenConfig {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ConfigException("token", null, "write visible ASCII characters without spaces");
        }
        if (index && role != Role.EDGE) {
            throw new ConfigException("index", "true", "is for tokens of role edge only");
        }
    }
}
