"""Paths: where the native API lives, and the ids in it.

Ids are integers from 1 to below 2^53; anything else is 422, and never a path on a disk.
Names hold no control characters.
"""

from typing import Annotated

from fastapi import Path

from headrace.api.http.forms import PATH_NAME

PREFIX = "/api/v1"
LARGEST = 2**53 - 1

RunId = Annotated[int, Path(alias="runId", ge=1, le=LARGEST)]
StepId = Annotated[int, Path(alias="stepId", ge=1, le=LARGEST)]
AttemptNumber = Annotated[int, Path(alias="number", ge=1, le=10**9)]
Name = Annotated[str, Path(min_length=1, max_length=200, pattern=PATH_NAME)]
