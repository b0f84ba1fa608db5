-- What the operator took down, under the name by which it is given back: a URL or a content id.
CREATE TABLE take_down (
    site       VARCHAR(63)   NOT NULL,
    subject    VARCHAR(2048) NOT NULL,
    -- Content ids and URL hashes, 32 bytes each.
    hashes     BYTEA         NOT NULL,
    reason     VARCHAR(500)  NOT NULL,
    reference  VARCHAR(500)  NOT NULL,
    since      BIGINT        NOT NULL,
    PRIMARY KEY (site, subject)
);
