/**
 * Which source a piece is fetched from, and the fetching: {@link dev.rivulet.edge.transfer.PieceProvider} is what
 * everybody else asks. Time, threads and peers come in through {@link dev.rivulet.edge.transfer.EventLoop} and
 * {@link dev.rivulet.edge.transfer.PeerSources}.
 */
@NullMarked
package dev.rivulet.edge.transfer;

import org.jspecify.annotations.NullMarked;
