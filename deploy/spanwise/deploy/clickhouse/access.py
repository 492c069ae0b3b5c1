"""Who may read what."""

from __future__ import annotations

from typing import Final


ACCESS: Final = """
-- Three roles, so that a dashboard cannot read prompts and a Collector cannot read anything.
-- Users are yours: CREATE USER otelcol IDENTIFIED WITH sha256_password BY ...; GRANT spanwise_writer TO otelcol;

CREATE ROLE IF NOT EXISTS spanwise_writer;
GRANT INSERT, SHOW COLUMNS ON $database.$inbox TO spanwise_writer;
GRANT INSERT, SHOW COLUMNS ON $database.$events TO spanwise_writer;

CREATE ROLE IF NOT EXISTS spanwise_reader;
GRANT SELECT ON $database.$traces TO spanwise_reader;
GRANT SELECT ON $database.${traces}_trace_id_ts TO spanwise_reader;

CREATE ROLE IF NOT EXISTS spanwise_content_reader;
GRANT spanwise_reader TO spanwise_content_reader;
GRANT SELECT ON $database.$content TO spanwise_content_reader;
GRANT SELECT ON $database.$events TO spanwise_content_reader;
"""
