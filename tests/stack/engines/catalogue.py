"""Every engine by its name, the quickest to have first."""

from __future__ import annotations

from typing import Final

from tests.stack.engines.alertmanager import ALERTMANAGER
from tests.stack.engines.jaeger import JAEGER
from tests.stack.engines.otelcol import OTELCOL
from tests.stack.engines.prometheus import PROMETHEUS


RECIPES: Final = {recipe.name: recipe for recipe in (ALERTMANAGER, OTELCOL, PROMETHEUS, JAEGER)}
