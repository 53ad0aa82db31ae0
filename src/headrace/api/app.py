"""The application: every route, every layer, made for one system."""

from collections.abc import Sequence

from fastapi import FastAPI

from headrace.api.http import errors, web
from headrace.api.http.access import refuse_unmarked
from headrace.api.http.errors import Envelopes
from headrace.api.http.frame import Frame
from headrace.api.http.limits import BodyLimits
from headrace.api.http.metrics import Metrics
from headrace.api.http.rates import Rates
from headrace.api.http.streams import Streams
from headrace.api.http.surface import Surface
from headrace.api.http.system import System
from headrace.api.http.views import Definitions
from headrace.api.native import (
    alarms,
    audit,
    channels,
    docs,
    drafting,
    events,
    health,
    invocations,
    licence,
    logs,
    oidc,
    people,
    runs,
    schedules,
    sessions,
    steps,
    targets,
    tokens,
    vault,
    workflows,
)
from headrace.api.surfaces import SURFACES
from headrace.core.definition.parse import parse

NATIVE = (
    *(workflows, drafting, schedules, invocations, runs, events, steps, logs, targets),
    *(channels, alarms),
    *(vault, people, sessions, oidc, tokens, audit, licence, health, docs),
)


def create_app(system: System, surfaces: Sequence[Surface] = SURFACES) -> FastAPI:
    """The ASGI application over ``system``; raises where a route has no permission."""
    app = FastAPI(title="Headrace", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.system = system
    app.state.definitions = Definitions(parse)
    app.state.streams = Streams()
    app.state.metrics = Metrics(system)
    app.state.invocations = Rates(system.settings.invocations_per_minute)
    app.state.invoking_addresses = Rates(5 * system.settings.invocations_per_minute)
    for part in NATIVE:
        app.router.routes.extend(part.router.routes)  # flat, so that the census sees what is served
    for surface in surfaces:
        app.router.routes.extend(surface.router.routes)
    app.router.routes.extend(web.router.routes)
    _layers(app, Envelopes({surface.prefix: surface.render for surface in surfaces}))
    refuse_unmarked(app)
    return app


def _layers(app: FastAPI, envelopes: Envelopes) -> None:
    """Middleware, the innermost first."""
    system: System = app.state.system
    errors.install(app, envelopes)
    app.add_middleware(
        BodyLimits,
        envelopes=envelopes,
        most=system.settings.max_body_bytes,
        depth=system.settings.max_json_depth,
    )
    app.add_middleware(
        Frame, envelopes=envelopes, monotonic=system.clock.monotonic, observe=app.state.metrics.observe
    )
