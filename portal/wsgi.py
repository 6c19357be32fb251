"""The web application for a WSGI server. Without other word it is the real thing."""

from django.core.wsgi import get_wsgi_application

from portal import env

env.default_settings_module("portal.settings.prod")

application = get_wsgi_application()
