-- What was counted, by spans of time: a row for every span of `step` seconds from `started` on (seconds since 1970 UTC).
-- Longer steps are sums of shorter ones, which are deleted sooner.
CREATE TABLE site_figure (
    step         INTEGER     NOT NULL,
    started      BIGINT      NOT NULL,
    site         VARCHAR(63) NOT NULL,
    -- Bytes that pages used, by where they came from.
    store        BIGINT      NOT NULL,
    peers        BIGINT      NOT NULL,
    edges        BIGINT      NOT NULL,
    origin       BIGINT      NOT NULL,
    -- Bytes that edges, and the tracker itself, had from origins.
    edge_origin  BIGINT      NOT NULL,
    index_origin BIGINT      NOT NULL,
    -- Bytes that pages and edges say that they sent.
    uploaded     BIGINT      NOT NULL,
    -- Pieces, by whether their hash was right; those that somebody provably sent wrong.
    verified     BIGINT      NOT NULL,
    rejected     BIGINT      NOT NULL,
    bad          BIGINT      NOT NULL,
    contradicted BIGINT      NOT NULL,
    stalls       BIGINT      NOT NULL,
    failed       BIGINT      NOT NULL,
    reports      BIGINT      NOT NULL,
    -- The most at one time.
    viewers      BIGINT      NOT NULL,
    edges_online BIGINT      NOT NULL,
    PRIMARY KEY (step, site, started)
);

CREATE TABLE edge_figure (
    fingerprint VARCHAR(43) NOT NULL,
    site        VARCHAR(63) NOT NULL,
    step        INTEGER     NOT NULL,
    started     BIGINT      NOT NULL,
    -- Bytes sent, and received from peers and from origins.
    up          BIGINT      NOT NULL,
    down        BIGINT      NOT NULL,
    origin      BIGINT      NOT NULL,
    PRIMARY KEY (fingerprint, site, step, started)
);

CREATE INDEX edge_figure_age ON edge_figure (step, started);

CREATE TABLE content_figure (
    site       VARCHAR(63) NOT NULL,
    step       INTEGER     NOT NULL,
    started    BIGINT      NOT NULL,
    content_id VARCHAR(43) NOT NULL,
    -- Bytes that pages used, and those of them that came from the origin.
    used       BIGINT      NOT NULL,
    origin     BIGINT      NOT NULL,
    PRIMARY KEY (site, step, started, content_id)
);

-- What edges said of themselves last.
CREATE TABLE edge_state (
    site        VARCHAR(63) NOT NULL,
    fingerprint VARCHAR(43) NOT NULL,
    name        VARCHAR(64),
    region      VARCHAR(2),
    agent       VARCHAR(64) NOT NULL,
    last_seen   BIGINT      NOT NULL,
    store_used  BIGINT      NOT NULL,
    store_max   BIGINT      NOT NULL,
    quota_used  BIGINT      NOT NULL,
    quota_max   BIGINT      NOT NULL,
    PRIMARY KEY (site, fingerprint)
);

-- What happened that an operator wants to know.
CREATE TABLE event (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    happened BIGINT       NOT NULL,
    kind    VARCHAR(32)   NOT NULL,
    site    VARCHAR(63),
    level   VARCHAR(8)    NOT NULL,
    text    VARCHAR(1000) NOT NULL
);
