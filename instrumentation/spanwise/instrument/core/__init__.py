"""What every tap shares: the call and its one span, how its request is watched, and how a tap is held.

Import from the modules: this package loads nothing, so that an instrumentor costs nothing until its SDK is imported.
"""
