"""Wheels of genai-prices, real in form and made for a test."""

from __future__ import annotations

import zipfile
from pathlib import Path

from spanwise.cost.compile import RELEASED
from spanwise.cost.release import installed


INSTALLED = installed(RELEASED["0.2.3"])
METADATA = "Metadata-Version: 2.1\nName: genai-prices\nVersion: {version}\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"

SMALL = b'''"""Data."""
import datetime
from decimal import Decimal
from .types import *

__all__ = ('providers',)

providers: list[Provider] = [
    Provider(
        id='openai', name='OpenAI', api_pattern='https://api\\\\.openai\\\\.com', pricing_urls=['https://x'],
        provider_match=ClauseContains(contains='openai'),
        models=[
            ModelInfo(id='gpt-4o', match=ClauseStartsWith(starts_with='gpt-4o'), name='GPT',
                prices=ModelPrice(input_mtok=Decimal('9'), output_mtok=TieredPrices(base=Decimal('10'), tiers=[
                    Tier(start=1000, price=Decimal('20'))]))),
            ModelInfo(id='new', match=ClauseEquals(equals='new'), prices=[
                ConditionalPrice(prices=ModelPrice(input_mtok=Decimal('1'))),
                ConditionalPrice(constraint=StartDateConstraint(start_date=datetime.date(2026, 1, 1)),
                    prices=ModelPrice(input_mtok=Decimal('2'))),
                ConditionalPrice(constraint=TimeOfDateConstraint(
                    start_time=datetime.time(0, 30, tzinfo=datetime.timezone.utc),
                    end_time=datetime.time(16, 30, tzinfo=datetime.timezone.utc)),
                    prices=ModelPrice(input_mtok=Decimal('3')))],
                price_variants=[
                    PriceVariant(when={'service_tier': 'flex'}, prices=ModelPrice(input_mtok=Decimal('0.5')))]),
        ],
    ),
]
'''


def wheel(
    folder: Path, version: str = "0.2.4", data: bytes = SMALL, units: bytes = INSTALLED.units, extra: bytes = b""
) -> Path:
    """A wheel of `version` in `folder`, which pip accepts."""
    path = folder / f"genai_prices-{version}-py3-none-any.whl"
    info = f"genai_prices-{version}.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("genai_prices/__init__.py", extra)
        archive.writestr("genai_prices/data.py", data)
        archive.writestr("genai_prices/data_units.py", units)
        archive.writestr(f"{info}/METADATA", METADATA.format(version=version))
        archive.writestr(f"{info}/WHEEL", WHEEL)
        archive.writestr(f"{info}/RECORD", "")
    return path
