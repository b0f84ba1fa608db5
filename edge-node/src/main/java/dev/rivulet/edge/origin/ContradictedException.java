package dev.rivulet.edge.origin;

/** The origin serves something else than the entry says. */
final class ContradictedException extends OriginException {
    private static final long serialVersionUID = 1L;

    ContradictedException(String message) {
        super(message);
    }
}
