"""The Django app: ``manage.py check`` and each start say what is wrong with the setting APISIG."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from . import _settings_problems


class ApisigConfig(AppConfig):  # type: ignore[misc]
    """It has no models."""

    name = "apisig.django"
    label = "apisig"

    def ready(self) -> None:
        """Register the checks."""
        checks.register(_check, checks.Tags.security)
        checks.register(_check_deployment, checks.Tags.security, deploy=True)


def _check(**_: Any) -> list[Any]:
    return [checks.Error(problem, id="apisig.E001") for problem in _settings_problems()]


def _check_deployment(**_: Any) -> list[Any]:
    """Warn of a replay guard in local memory: processes do not share it."""
    replay = getattr(settings, "APISIG", {}).get("replay")
    if replay is None or _settings_problems():
        return []
    alias = replay.get("cache", "default")
    if settings.CACHES.get(alias, {}).get("BACKEND") != "django.core.cache.backends.locmem.LocMemCache":
        return []
    problem = f'APISIG["replay"] uses the cache {alias} in local memory: each process admits a replay once.'
    hint = "Name a cache that all processes share: Redis, Memcached or the database."
    return [checks.Warning(problem, hint=hint, id="apisig.W001")]
