"""Alarms: what was told to whom, and how it went."""

from datetime import UTC
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import TaskManager, TaskViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import LARGEST, PREFIX
from headrace.api.http.language import reader_language
from headrace.api.http.paging import Listed, Paging, paged, paging
from headrace.api.http.tickets import Once
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import NothingBody
from headrace.core.alarm import wording
from headrace.core.instants import instant
from headrace.core.messages import Language
from headrace.ports.alarms import NoticeFilter, NoticeRecord, NoticeStatus
from headrace.usecases import alarms
from headrace.usecases.alarms import notice_of

router = APIRouter(prefix=PREFIX, tags=["alarms"])
AlarmId = Annotated[int, Path(alias="alarmId", ge=1, le=LARGEST)]
Word = Annotated[str | None, Query(max_length=200)]


class AlarmShape(TypedDict):
    """``node`` and ``stepId`` are null where it tells of the run as a whole; ``nextAt`` is when it is
    sent, while it is PENDING."""

    id: int
    workflow: str
    runId: int
    stepId: int | None
    node: str | None
    occasion: str
    channel: str
    receiver: str
    status: str
    tries: int
    response: str | None
    text: str
    createdAt: str | None
    sentAt: str | None
    nextAt: str | None


class AlarmPage(Listed):
    items: list[AlarmShape]


@router.get("/alarms", responses=shows(AlarmPage))
async def list_alarms(
    request: Request,
    caller: TaskViewer,
    system: Sys,
    page: Annotated[Paging, Depends(paging)],
    status: NoticeStatus | None = None,
    workflow: Word = None,
    channel: Word = None,
    run: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> Response:
    """What was told, newest first; ``workflow`` and ``channel`` are exact names."""
    which = NoticeFilter(status, workflow, channel, run)
    found = await reading(system, lambda r: r.notices(caller.tenant, which, page.page, page.size))
    language = reader_language(request)
    return answer(paged(found, [_shape(record, language) for record in found.items]))


@router.get("/alarms/{alarmId}", responses=shows(AlarmShape))
async def read_alarm(request: Request, caller: TaskViewer, system: Sys, alarm_id: AlarmId) -> Response:
    """One alarm."""
    record = await reading(system, lambda r: notice_of(r, caller.tenant, alarm_id))
    return answer(_shape(record, reader_language(request)))


@router.post("/alarms/{alarmId}/retry", responses=shows(AlarmShape))
async def retry_alarm(
    request: Request,
    caller: TaskManager,
    system: Sys,
    once: Once,
    alarm_id: AlarmId,
    body: NothingBody | None = None,
) -> Response:
    """Send one again that was given up."""

    def work(writer: Any, now: float) -> str:
        return alarms.resend(writer, now, caller, alarm_id)

    channel = await told(system.inbox.transact(work, once.ticket(caller)))
    record = await reading(system, lambda r: notice_of(r, caller.tenant, alarm_id))
    system.notifier.wake([(caller.tenant, channel)])
    return answer(_shape(record, reader_language(request)))


def _shape(record: NoticeRecord, language: Language) -> AlarmShape:
    """Before the first attempt the text is shown in the reader's language: the channel may still change."""
    text = record.text or wording(record.facts, record.template, language, UTC, "").text
    return {
        "id": record.id,
        "workflow": record.workflow,
        "runId": record.run,
        "stepId": record.step,
        "node": record.node,
        "occasion": record.occasion,
        "channel": record.channel,
        "receiver": record.receiver,
        "status": record.status,
        "tries": record.tries,
        "response": record.response,
        "text": text,
        "createdAt": instant(record.created_at),
        "sentAt": instant(record.sent_at),
        "nextAt": instant(record.next_at),
    }
