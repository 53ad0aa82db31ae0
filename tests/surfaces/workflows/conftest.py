import pytest

from tests.api.conftest import Running
from tests.surfaces.workflows.desk import FlowDesk, desk_of


@pytest.fixture
def flow(house: Running) -> FlowDesk:
    """The administrator of the tenant default, on the server that the tests of a file share."""
    return desk_of(house)
