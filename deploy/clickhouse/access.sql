-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests only parse this file: an embedded ClickHouse has no roles.

-- Three roles, so that a dashboard cannot read prompts and a Collector cannot read anything.
-- Users are yours: CREATE USER otelcol IDENTIFIED WITH sha256_password BY ...; GRANT spanwise_writer TO otelcol;

CREATE ROLE IF NOT EXISTS spanwise_writer;
GRANT INSERT, SHOW COLUMNS ON otel.otel_traces_inbox TO spanwise_writer;
GRANT INSERT, SHOW COLUMNS ON otel.otel_logs TO spanwise_writer;

CREATE ROLE IF NOT EXISTS spanwise_reader;
GRANT SELECT ON otel.otel_traces TO spanwise_reader;
GRANT SELECT ON otel.otel_traces_trace_id_ts TO spanwise_reader;

CREATE ROLE IF NOT EXISTS spanwise_content_reader;
GRANT spanwise_reader TO spanwise_content_reader;
GRANT SELECT ON otel.otel_content TO spanwise_content_reader;
GRANT SELECT ON otel.otel_logs TO spanwise_content_reader;
