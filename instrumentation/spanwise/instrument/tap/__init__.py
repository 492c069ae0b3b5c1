"""Taps: where each SDK is held. A module is imported when the application imports the SDK, not before."""
