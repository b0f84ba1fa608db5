package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Made-up visitors and what they ask for. */
final class Askers {
    static final SiteId SITE = new SiteId("demo");
    private static final int PEER_ID_BYTES = 16;

    private Askers() {}

    static Asker asker(int peer, String address) {
        try {
            byte[] bytes = new byte[PEER_ID_BYTES];
            bytes[0] = (byte) peer;
            return new Asker(PeerId.parse(Base64Url.encode(bytes)), InetAddress.getByName(address));
        } catch (DecodeException | UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static SiteUrl url(String url) {
        try {
            return new SiteUrl(SITE, ResourceUrl.parse(url));
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
