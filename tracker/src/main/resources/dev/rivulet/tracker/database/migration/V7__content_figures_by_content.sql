-- The figures of one content: without this, those of all others of its site are read as well.
CREATE INDEX content_figure_content ON content_figure (content_id, site, step, started);
