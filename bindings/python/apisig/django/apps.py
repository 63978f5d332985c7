"""The Django app: ``manage.py check`` and each start say what is wrong with the setting APISIG."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks

from . import settings_problems


class ApisigConfig(AppConfig):  # type: ignore[misc]
    """It has no models."""

    name = "apisig.django"
    label = "apisig"

    def ready(self) -> None:
        """Register the check."""
        checks.register(_check, checks.Tags.security)


def _check(**_: Any) -> list[Any]:
    return [checks.Error(problem, id="apisig.E001") for problem in settings_problems()]
