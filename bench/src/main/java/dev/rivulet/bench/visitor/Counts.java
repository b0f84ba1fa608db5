package dev.rivulet.bench.visitor;

import java.util.concurrent.atomic.LongAdder;

/** What all visitors of this process did. */
final class Counts {
    final LongAdder connections = new LongAdder();
    /** Attempts that came to nothing. */
    final LongAdder failed = new LongAdder();
    /** In both directions. */
    final LongAdder messages = new LongAdder();

    final LongAdder asked = new LongAdder();
    final LongAdder refused = new LongAdder();
    /** Requests that were neither answered nor refused. */
    final LongAdder lost = new LongAdder();
    /** Blocks with other bytes than they should have. */
    final LongAdder wrong = new LongAdder();
    /** Right bytes. */
    final LongAdder bytes = new LongAdder();
    /** Connections that the edge ended, or whose visitor it gave nothing to any more. */
    final LongAdder sentAway = new LongAdder();

    synchronized void print() {
        System.out.printf(
                "{\"connections\":%d,\"failed\":%d,\"messages\":%d,\"asked\":%d,\"refused\":%d,\"lost\":%d,"
                        + "\"wrong\":%d,\"bytes\":%d,\"sentAway\":%d}%n",
                connections.sum(),
                failed.sum(),
                messages.sum(),
                asked.sum(),
                refused.sum(),
                lost.sum(),
                wrong.sum(),
                bytes.sum(),
                sentAway.sum());
    }
}
