"""The tasks API of OCP (``/api/v2/tasks``): tasks are runs, subtasks are steps."""

from headrace.api.http.surface import Surface
from headrace.api.surfaces.tasks.envelope import render_error
from headrace.api.surfaces.tasks.routes import PREFIX, router

TASKS = Surface(PREFIX, router, render_error)
