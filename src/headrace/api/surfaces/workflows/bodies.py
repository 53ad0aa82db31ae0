"""Bodies of Zhiqingyun's requests. Fields that mean nothing here are passed over, as clients send them."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from headrace.api.http.forms import WITHOUT_NUL

Json = Any
_NUMBER = re.compile(r"[0-9]{1,15}")


def as_id(text: str) -> int:
    """Ids are texts there. One that cannot be ours becomes 0, which nothing has."""
    return int(text) if _NUMBER.fullmatch(text) else 0


def _number(given: Json) -> Json:
    return as_id(given) if isinstance(given, str) else given


_EMPTY = BeforeValidator(lambda given: None if given == "" else given)
Id = Annotated[int, BeforeValidator(_number), Field(ge=0, le=2**53 - 1, strict=True)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Remark = Annotated[str, Field(max_length=10_000)]
Etag = Annotated[str | None, Field(max_length=200)]
Search = Annotated[str | None, Field(max_length=200, pattern=WITHOUT_NUL)]


class Asked(BaseModel):
    """What every request is."""

    model_config = ConfigDict(extra="ignore", strict=True)


class AddBody(Asked):
    name: Name
    remark: Remark | None = None


class FlowBody(Asked):
    workflowId: Id


class UpdateBody(Asked):
    """``etag``, as getWorkflow gives it, makes sure that nobody else has changed the workflow since."""

    id: Id
    name: Name
    remark: Remark | None = None
    etag: Etag = None


class PageBody(Asked):
    """Pages count from 0."""

    page: Annotated[int, Field(ge=0, le=10**9)] = 0
    pageSize: Annotated[int, Field(ge=1, le=2**53 - 1)] = 10
    searchKeyWord: Search = None


class InstancesBody(PageBody):
    executeStatus: Annotated[
        Literal["PENDING", "RUNNING", "SUCCESS", "FAIL", "ABORTING", "ABORT", "BREAK"] | None, _EMPTY
    ] = None
    workflowId: Annotated[Id | None, _EMPTY] = None


class CanvasBody(FlowBody):
    """``webConfig`` is a list of cells, or an object that holds it as ``cells``."""

    webConfig: Json
    etag: Etag = None

    def cells(self) -> list[Json]:
        held = self.webConfig.get("cells", []) if isinstance(self.webConfig, dict) else self.webConfig
        return held if isinstance(held, list) else [held]


class CronBody(Asked):
    """``type`` ALL is single scheduling and SINGLE is discrete: so they are called there."""

    enable: bool = False
    type: Literal["ALL", "SINGLE"] = "ALL"
    setMode: Literal["SIMPLE", "ADVANCE"] | None = None
    cron: Annotated[str | None, Field(max_length=200)] = None
    workDate: Annotated[list[str | None] | None, Field(max_length=2)] = None
    timezone: Annotated[str | None, Field(max_length=64)] = None


class SettingBody(FlowBody):
    """``invokeUrl`` is not looked at: tokens are made by getInvokeUrl and kept nowhere."""

    cronConfig: CronBody | None = None
    alarmList: Annotated[list[Json] | None, Field(max_length=1000)] = None
    invokeStatus: Literal["ON", "OFF"] | None = None
    etag: Etag = None


class InstanceBody(Asked):
    workflowInstanceId: Id


class JobBody(Asked):
    workInstanceId: Id


class InvokeBody(FlowBody):
    """``idempotencyKey``: the same key starts once in 24 hours and answers the same instance."""

    token: Annotated[str, Field(min_length=1, max_length=500)]
    params: dict[str, Json] = Field(default_factory=dict)
    idempotencyKey: Annotated[str | None, Field(pattern=r"^[\x21-\x7e]{1,200}$")] = None


class AddressBody(FlowBody):
    """``outerAddress`` is where the caller will find this server."""

    outerAddress: Annotated[str | None, Field(max_length=500)] = None
