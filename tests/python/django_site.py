"""The site of the tests with Django. Only those import it, so that the others run where Django does not."""

from __future__ import annotations

import django
from django.conf import settings

__all__ = ["settings"]

settings.configure(
    SECRET_KEY="x",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["apisig.django"],
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
    DEBUG_PROPAGATE_EXCEPTIONS=True,
)
django.setup()
