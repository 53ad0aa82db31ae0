"""What /metrics shows: requests as they are answered, and the system's own counters."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from headrace.api.http.system import System

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics:
    """One registry an application; nothing global, so that several can live in one process."""

    def __init__(self, system: System) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "headrace_http_request_seconds",
            "Time to answer a request",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_System(system))
        ProcessCollector(registry=self._registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).observe(seconds)

    def page(self) -> tuple[bytes, str]:
        """The text and its media type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class _System(Collector):
    """Reads the system's counters whenever the page is asked for."""

    def __init__(self, system: System) -> None:
        self._system = system

    def collect(self) -> Iterator[Metric]:
        for name, value in self._system.counters().items():
            full = f"headrace_{name}"
            text = name.replace("_", " ")
            if name.endswith("_total"):
                yield CounterMetricFamily(full, text, value=value)
            else:
                yield GaugeMetricFamily(full, text, value=value)
