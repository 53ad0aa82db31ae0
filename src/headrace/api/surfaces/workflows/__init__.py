"""The workflow API of Zhiqingyun (``/workflow``): its flows are workflows, its instances runs."""

from headrace.api.http.surface import Surface
from headrace.api.surfaces.workflows.envelope import PREFIX, render_error
from headrace.api.surfaces.workflows.routes import router

WORKFLOWS = Surface(PREFIX, router, render_error)
