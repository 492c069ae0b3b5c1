"""The one exception of the store."""


class StoreError(Exception):
    """The store cannot be used. The message is one sentence: which file, what was found, how to fix it.

    It never holds a stored value, so it may be shown to a user as it is.
    """
