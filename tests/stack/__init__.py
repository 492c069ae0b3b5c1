"""The real engines, and the way of telemetry through them."""
