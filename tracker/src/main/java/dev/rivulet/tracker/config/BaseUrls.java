package dev.rivulet.tracker.config;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.settings.ConfigException;

/** Reads base URLs, to which paths are appended. */
final class BaseUrls {
    private BaseUrls() {}

    /** The URL, with the slash at its end that it may lack. */
    static ResourceUrl parse(String key, String text) {
        try {
            return ResourceUrl.parseBase(text.endsWith("/") ? text : text + "/");
        } catch (DecodeException e) {
            throw new ConfigException(
                    key, text, e.reason() + "; write a base URL, such as https://tracker.example/rivulet/");
        }
    }
}
