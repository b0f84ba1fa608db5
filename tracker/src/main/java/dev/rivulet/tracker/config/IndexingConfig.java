package dev.rivulet.tracker.config;

import dev.rivulet.protocol.settings.ByteSize;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.Setting;

/** How gently the tracker itself fetches and hashes resources. */
public record IndexingConfig(
        @Setting(help = "Fetches under way at once, over all origins.", fallback = "2", min = 1, max = 64)
        int concurrency,

        @Setting(help = "Requests begun per second and origin.", fallback = "4", min = 1, max = 1000)
        int requestsPerSecond,

        @Setting(help = "Bytes fetched per second, over all origins.", fallback = "16 MiB")
        ByteSize bytesPerSecond,

        @Setting(help = "Larger resources are not indexed by the tracker.", fallback = "512 MiB")
        ByteSize maxResource,

        @Setting(help = "Disk for pieces that the tracker offers because it fetched them.", fallback = "1 GiB")
        ByteSize store,

        @Setting(
                help = "URLs that wait to be indexed; further ones are forgotten.",
                fallback = "1000",
                min = 1,
                max = 100_000)
        int queue) {

    private static final ByteSize MIN_RATE = ByteSize.parse("64 KiB");

    public IndexingConfig {
        if (bytesPerSecond.bytes() < MIN_RATE.bytes()) {
            throw new ConfigException(
                    "bytes-per-second",
                    bytesPerSecond.toString(),
                    "write at least " + MIN_RATE + "; index-threshold 0 of a site keeps the tracker from fetching");
        }
    }
}
