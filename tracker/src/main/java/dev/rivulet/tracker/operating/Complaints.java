package dev.rivulet.tracker.operating;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.api.Complaint;
import dev.rivulet.tracker.api.Refusal;

/** Turns what the configuration's checks object to into what the API says. */
final class Complaints {
    private Complaints() {}

    /** Under the API's names of keys. */
    static Complaint of(ConfigException objection) {
        String key = objection.key().contains(" ") ? "" : camelCase(objection.key());
        String value = objection.value();
        return new Complaint(key, value == null ? objection.remedy() : value + ": " + objection.remedy());
    }

    static Refusal refusal(ConfigException objection) {
        Complaint complaint = of(objection);
        return Refusal.invalid(complaint.key(), complaint.text());
    }

    /** {@code webOrigins[0]} of {@code web-origins[0]}. */
    private static String camelCase(String key) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            boolean isFirstOfWord = i > 0 && key.charAt(i - 1) == '-';
            if (key.charAt(i) != '-') {
                text.append(isFirstOfWord ? Character.toUpperCase(key.charAt(i)) : key.charAt(i));
            }
        }
        return text.toString();
    }
}
