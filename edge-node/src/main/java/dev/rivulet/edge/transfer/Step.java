package dev.rivulet.edge.transfer;

/** What to do next for a piece. */
sealed interface Step {
    /** Ask this peer. */
    record AskPeer(PeerSource source) implements Step {}

    /** Ask the origin. */
    record AskOrigin() implements Step {}

    /** Look for holders once more, patiently, because there is nobody left. */
    record Search() implements Step {}

    /** Something that may help is under way. */
    record Wait() implements Step {}

    /** Nothing is. */
    record GiveUp(String reason) implements Step {}
}
