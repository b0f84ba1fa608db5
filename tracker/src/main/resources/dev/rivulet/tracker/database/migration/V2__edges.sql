-- Edges that showed a key of theirs, by site; and keys that the operator revoked, on all sites.
CREATE TABLE edge (
    site       VARCHAR(63) NOT NULL,
    -- The key id of its identity.
    fingerprint VARCHAR(43) NOT NULL,
    first_seen BIGINT      NOT NULL,
    PRIMARY KEY (site, fingerprint)
);

CREATE TABLE revoked_edge (
    fingerprint VARCHAR(43) PRIMARY KEY,
    revoked_at BIGINT      NOT NULL
);
