"""Names of the GenAI semantic conventions, as constants.

`attributes`, `values`, `metrics`, `events`, `environment` and `schema` are generated from the YAML in `registry/`
and import nothing but `typing`.
"""

from spanwise.semconv import attributes, environment, events, metrics, schema, values


__all__ = ["attributes", "environment", "events", "metrics", "schema", "values"]
