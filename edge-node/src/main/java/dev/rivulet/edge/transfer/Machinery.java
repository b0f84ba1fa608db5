package dev.rivulet.edge.transfer;

import java.util.concurrent.Executor;

/**
 * What fetching runs on.
 *
 * @param loop owns the state of all fetches
 * @param workers for what blocks or takes long: reading, writing, hashing
 */
public record Machinery(EventLoop loop, Executor workers, TransferCounts counts) {}
