package dev.rivulet.edge.peer.process;

/**
 * Whether a process still answers. Counts questions rather than time, which also passes while nobody runs. Patient, since
 * killing one that was only slow ends every connection, while one that hangs costs peers that wait a second or two each
 * before they ask others.
 */
final class Liveness {
    /** Questions, one per {@link LinkProcesses#TICK} each, that may remain unanswered; a busy machine needs a while. */
    static final int MAX_UNANSWERED = 60;

    private int unanswered;

    /** A question is about to be asked; false: there is no use in that any more. */
    synchronized boolean ask() {
        return unanswered++ < MAX_UNANSWERED;
    }

    /** An answer came, which is one to all questions so far. */
    synchronized void answered() {
        unanswered = 0;
    }
}
