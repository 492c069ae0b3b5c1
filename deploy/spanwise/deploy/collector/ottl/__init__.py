"""The policy as statements of the Collector's own language: prices and the redaction rules that it can carry."""
