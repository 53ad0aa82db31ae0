"""All calls."""

from fastapi import APIRouter

from headrace.api.surfaces.workflows import flows, instances

router = APIRouter()
router.routes.extend([*flows.router.routes, *instances.router.routes])
