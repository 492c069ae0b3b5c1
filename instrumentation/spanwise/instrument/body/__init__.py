"""Observing the bodies of responses from inside: feeds that read bytes, and one observer for each HTTP library."""
