-- Hashes and ids are base64url text, as on the wire. Times are seconds since 1970 UTC.

-- How far each site's catalog has come: (epoch, sequence) and batch never go back.
CREATE TABLE catalog_head (
    site     VARCHAR(63) PRIMARY KEY,
    epoch    BIGINT      NOT NULL,
    sequence BIGINT      NOT NULL,
    batch    BIGINT      NOT NULL,
    -- The head's text; null when the epoch was raised and none of it is signed yet.
    jws      VARCHAR(65536)
);

-- What the catalog says, and what the tracker has to know to keep it true.
CREATE TABLE catalog_entry (
    site            VARCHAR(63)    NOT NULL,
    url_hash        VARCHAR(43)    NOT NULL,
    url             VARCHAR(2048)  NOT NULL,
    content_id      VARCHAR(43)    NOT NULL,
    -- The entry's JSON, as in a shard.
    entry           VARCHAR(65536) NOT NULL,
    -- Who vouches for it: PUBLISHED or INDEXED.
    source          VARCHAR(16)    NOT NULL,
    -- For how long a revalidation keeps it fresh.
    max_age_seconds BIGINT         NOT NULL,
    fresh_until     BIGINT         NOT NULL,
    -- Contradicted by a visitor and not looked at again yet: kept, but out of the catalog.
    suspended       BOOLEAN        NOT NULL,
    PRIMARY KEY (site, url_hash)
);

CREATE INDEX catalog_entry_content ON catalog_entry (site, content_id);

CREATE TABLE layout (
    site       VARCHAR(63) NOT NULL,
    content_id VARCHAR(43) NOT NULL,
    bytes      BYTEA       NOT NULL,
    PRIMARY KEY (site, content_id)
);
