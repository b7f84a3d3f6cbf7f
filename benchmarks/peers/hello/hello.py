"""The least that Django can answer."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="measured",  # noqa: S106
    MIDDLEWARE=[],
    DATABASES={},
)


def hello(request: HttpRequest) -> HttpResponse:
    """A greeting."""
    return HttpResponse("Hello, world!")


urlpatterns = [path("", hello)]
application = get_wsgi_application()
