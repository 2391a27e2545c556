"""The site for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")

application = get_wsgi_application()
gc.freeze()  # what is loaded by now stays, so no collection needs to look through it again
