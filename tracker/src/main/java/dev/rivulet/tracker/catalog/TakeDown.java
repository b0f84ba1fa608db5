package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.UrlHash;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Something that the operator took down, under the name by which it is given back.
 *
 * @param order what the operator asked for
 * @param blocked the contents and URLs that it meant then
 * @param since seconds since 1970
 */
public record TakeDown(Order order, BlockList blocked, long since) {
    /** The most characters of a reason or a reference: {@value}. */
    public static final int MAX_WORDS = 500;

    /**
     * What an operator says.
     *
     * @param subject a canonical URL or a content id
     * @param reason for the record, not published
     * @param reference where more about it is on file, may be empty, not published
     */
    public record Order(String subject, String reason, String reference) {
        public Order {
            Check.line("reason", reason, 1, MAX_WORDS);
            Check.line("reference", reference, 0, MAX_WORDS);
        }

        /** All of it, for the record. */
        public String text() {
            return text(subject, reason, reference);
        }

        /** The same of parts, of which the last two may be empty. */
        public static String text(String subject, String reason, String reference) {
            return subject
                    + (reason.isEmpty() ? "" : ", reason: " + reason)
                    + (reference.isEmpty() ? "" : ", reference: " + reference);
        }
    }

    /**
     * What an order means for a site. A URL is taken down with the content that it has; a content with all URLs that
     * have it, so that none of them is fetched only to be refused.
     *
     * @param entries all that the site has, suspended ones too
     * @throws DecodeException when the subject is neither a URL nor a content id
     */
    public static TakeDown of(Order order, Collection<CatalogEntry> entries, long nowSeconds) throws DecodeException {
        Set<Sha256> hashes = new HashSet<>();
        if (isUrl(order.subject())) {
            UrlHash url = ResourceUrl.parse(order.subject()).hash();
            hashes.add(url.hash());
            entries.stream()
                    .filter(entry -> entry.key().equals(url))
                    .forEach(entry -> hashes.add(entry.entry().content().hash()));
        } else {
            ContentId content = ContentId.parse(order.subject());
            hashes.add(content.hash());
            entries.stream()
                    .filter(entry -> entry.entry().content().equals(content))
                    .forEach(entry -> hashes.add(entry.key().hash()));
        }
        return new TakeDown(order, BlockList.of(hashes), nowSeconds);
    }

    private static boolean isUrl(String subject) {
        return subject.contains(":");
    }

    /** Takes over what an earlier one of the same subject named: the site has no entries of it any more. */
    public TakeDown after(Collection<TakeDown> earlier) {
        Set<Sha256> hashes = new HashSet<>(blocked.hashes());
        earlier.stream()
                .filter(each -> each.order().subject().equals(order.subject()))
                .forEach(each -> hashes.addAll(each.blocked().hashes()));
        return new TakeDown(order, BlockList.of(hashes), since);
    }

    /** All that several of them name; throws {@link IllegalArgumentException} when a list cannot hold it. */
    public static BlockList all(Collection<TakeDown> takeDowns) {
        Set<Sha256> hashes = new HashSet<>();
        takeDowns.forEach(each -> hashes.addAll(each.blocked().hashes()));
        return BlockList.of(hashes);
    }

    /** As the operator reads it, on one line. */
    public String line() {
        return line(order, blocked.hashes().size(), since);
    }

    /** The same of parts. */
    public static String line(Order order, int hashes, long since) {
        String words = Order.text(hashes + " hashes", order.reason(), order.reference());
        return Instant.ofEpochSecond(since) + "  " + order.subject() + "  " + words;
    }
}
