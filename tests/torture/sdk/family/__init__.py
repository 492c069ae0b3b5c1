"""Descriptions that several SDKs share: those of one generator, and those that are HTTP libraries."""
