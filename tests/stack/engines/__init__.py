"""Builds or installs the engines that the stack tests run, once, into a cache folder."""

from tests.stack.engines.cache import Cache
from tests.stack.engines.catalogue import RECIPES
from tests.stack.engines.failure import EngineError
from tests.stack.engines.recipe import Recipe


__all__ = ["RECIPES", "Cache", "EngineError", "Recipe"]
