package dev.rivulet.tracker.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the header {@code Forwarded} (RFC 7239 section 4). Pure. */
final class ForwardedHeader {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private final String text;
    private int at;

    private ForwardedHeader(String text) {
        this.text = text;
    }

    /**
     * What each proxy said, the first in the chain first, by parameter names in lower case. Empty when it is not as the
     * RFC has it: who cannot be understood is not believed, and the end of what a client began is not guessed.
     */
    static Optional<List<Map<String, String>>> parse(String text) {
        try {
            return Optional.of(new ForwardedHeader(text).elements());
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private List<Map<String, String>> elements() throws Malformed {
        List<Map<String, String>> elements = new ArrayList<>();
        while (true) {
            elements.add(element());
            if (at == text.length()) {
                return elements;
            }
            expect(',');
        }
    }

    private Map<String, String> element() throws Malformed {
        Map<String, String> pairs = new HashMap<>();
        skipSpace();
        // An element may be empty, as those of all lists in HTTP (RFC 9110 section 5.6.1).
        while (at < text.length() && text.charAt(at) != ',') {
            String name = token().toLowerCase(Locale.ROOT);
            expect('=');
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
            if (pairs.put(name, value) != null) {
                throw new Malformed();
            }
            skipSpace();
            if (at < text.length() && text.charAt(at) == ';') {
                at++;
                skipSpace();
            } else if (at < text.length() && text.charAt(at) != ',') {
                throw new Malformed();
            }
        }
        return pairs;
    }

    private String token() throws Malformed {
        int start = at;
        while (at < text.length() && isTokenCharacter(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw new Malformed();
        }
        return text.substring(start, at);
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    private String quoted() throws Malformed {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
                if (at == text.length()) {
                    throw new Malformed();
                }
            }
            value.append(text.charAt(at));
            at++;
        }
        expect('"');
        return value.toString();
    }

    private void expect(char c) throws Malformed {
        if (at == text.length() || text.charAt(at) != c) {
            throw new Malformed();
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
