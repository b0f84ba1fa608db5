package dev.rivulet.bench;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** How fast a piece's SHA-256 is computed. */
@State(Scope.Thread)
public class HashBench {
    private final byte[] piece = new byte[256 * 1024];

    @Benchmark
    public byte[] sha256() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(piece);
    }
}
