"""Bodies of requests. Unknown fields are refused, so that nothing can be set that is not offered."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from headrace.api.http.forms import NAME

Json = Any
Text = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NAME)]
Id = Annotated[int, Field(ge=1, le=2**53 - 1, strict=True)]


class Body(BaseModel):
    """Strict about names; camelCase outside."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False, strict=True)


class TargetPick(Body):
    """A target by ``id``, or by ``type`` and ``name``."""

    id: Id | None = None
    type: Name | None = None
    name: Name | None = None

    def plain(self) -> dict[str, Json]:
        return self.model_dump(exclude_none=True)


class StartBody(Body):
    """How to start a run; everything is optional."""

    params: dict[str, Json] = Field(default_factory=dict)
    target: TargetPick | None = None
    targets: list[TargetPick] = Field(default_factory=list, max_length=1000)
    bindings: dict[str, Json] = Field(default_factory=dict)
    mock: bool = False
    debug: bool = False
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None

    def picks(self) -> list[dict[str, Json]]:
        first = [self.target] if self.target else []
        return [each.plain() for each in (*first, *self.targets)]


class NothingBody(Body):
    """An empty object; the body may also be left out."""


class RetryStepBody(Body):
    """``with`` replaces what the node gives its executor, for this retry and later ones."""

    inputs: dict[str, Json] | None = Field(None, alias="with")


class SkipBody(Body):
    """``outputs`` are what later steps will see of the skipped one."""

    outputs: Json = None


class ChooseBody(Body):
    case: Name


class CommentBody(Body):
    comment: Text = ""


class RerunStepBody(Body):
    """This step alone, or it and everything after it."""

    scope: Literal["this", "downstream"] = "this"
