"""API families of other products over the same runs. They translate words and decide nothing."""

from collections.abc import Sequence

from headrace.api.http.surface import Surface
from headrace.api.surfaces.tasks import TASKS
from headrace.api.surfaces.workflows import WORKFLOWS

SURFACES: Sequence[Surface] = (TASKS, WORKFLOWS)
