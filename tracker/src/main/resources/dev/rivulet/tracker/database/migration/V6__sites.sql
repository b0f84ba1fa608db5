-- Sites beside those of the configuration file, as JSON with the keys of that file.
CREATE TABLE site (
    id     VARCHAR(63)    PRIMARY KEY,
    config VARCHAR(262144) NOT NULL
);

-- Secrets by which edges and publishers are known, beside those of the configuration file.
CREATE TABLE token (
    id          VARCHAR(22)  PRIMARY KEY,
    -- SHA-256 of the secret, base64url.
    hash        VARCHAR(43)  NOT NULL UNIQUE,
    -- EDGE or PUBLISH.
    role        VARCHAR(16)  NOT NULL,
    site        VARCHAR(63)  NOT NULL,
    may_index   BOOLEAN      NOT NULL,
    note        VARCHAR(500) NOT NULL,
    created     BIGINT       NOT NULL,
    -- Of an edge: until when it may come for the first time. Of a publisher: until when it is good. Null: for good.
    expires     BIGINT,
    -- The key id of the edge that came with it first; null as long as none did.
    edge        VARCHAR(43)
);

-- Edges that are kept out for a while. (Pages are so only as long as their connections last.)
CREATE TABLE ban (
    id          VARCHAR(22)  PRIMARY KEY,
    fingerprint VARCHAR(43)  NOT NULL,
    reason      VARCHAR(500) NOT NULL,
    since       BIGINT       NOT NULL,
    -- Null: until it is lifted.
    ends        BIGINT
);

-- One row once the operator set the policy: JSON.
CREATE TABLE tracker_policy (
    id     INT            PRIMARY KEY,
    policy VARCHAR(262144) NOT NULL
);
