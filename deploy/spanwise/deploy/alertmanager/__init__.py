"""Alertmanager: who hears of which alert, which alert silences which, and when tickets wait."""

from __future__ import annotations

from spanwise.deploy.alertmanager.compile import compile_alertmanager


__all__ = ["compile_alertmanager"]
