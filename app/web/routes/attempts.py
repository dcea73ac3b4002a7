"""An attempt: its page, saving without scripts, what time is left, and handing in."""

import json
import re
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from app.errors import AnswersMissing
from app.services import attempts
from app.services.saves import SaveRequest
from app.services.tokens import hash_of
from app.store.models import Attempt
from app.store.saved import SavedAnswer
from app.web.attempt_forms import problem_forms
from app.web.attempt_room import attempt_page
from app.web.deps import OwnAttempt, SignedInUser, now
from app.web.forms import read_answers
from app.web.pages import HandInPage, PartState, ProblemForm, ProblemState
from app.web.security import account_mark, refuse_stale, sent_form
from app.web.site import AnySite, Site
from app.web.templating import render

router = APIRouter(prefix="/attempts", dependencies=[Depends(refuse_stale)])

NONE_UNSAVED: list[str] = []
_NUMBER = re.compile("[0-9]{1,16}")


@router.get("/{public_id}")
def show_attempt(request: Request, attempt: OwnAttempt, site: AnySite, saved: int = 0) -> Response:
    """The page of an open attempt comes from `PageRoom` as a rule; the other cases end here."""
    if attempt.state != "open":
        return _to_result(attempt)
    session = request.cookies.get(site.settings.session_cookie, "")
    return HTMLResponse(attempt_page(site, attempt, attempt.public_id, session, now(), bool(saved)))


async def form_pairs(request: Request) -> list[tuple[str, str]]:
    """The names and values of a form, in order."""
    form = await sent_form(request)
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


@router.post("/{public_id}/answers")
def create_answers(
    request: Request,
    attempt: OwnAttempt,
    site: AnySite,
    pairs: Annotated[list[tuple[str, str]], Depends(form_pairs)],
) -> Response:
    """Save what a form without scripts sends: all parts that it names."""
    if attempt.state != "open":
        return _to_result(attempt)
    with site.store.read() as db:
        exam = site.exams.of(db, attempt.version_id)
    answers = read_answers({part.id: part.fields for part in exam.document.parts}, pairs)
    flags = {value for name, value in pairs if name == "flag"}
    token = hash_of(request.cookies.get(site.settings.session_cookie, ""))
    changed = _changes(attempt, answers, flags, attempts.saved_answers(site.store, attempt), token, now())
    if changed:
        site.store.writer.run_all(site.saves, changed)
    part = next((value for name, value in pairs if name == "save"), "")
    return RedirectResponse(f"/attempts/{attempt.public_id}?saved=1#part-{part}", HTTPStatus.SEE_OTHER)


def _changes(
    attempt: Attempt,
    answers: dict[str, dict[str, Any]],
    flags: set[str],
    stored: dict[str, SavedAnswer],
    token: bytes,
    arrived: datetime,
) -> list[SaveRequest]:
    requests = []
    for part, answer in answers.items():
        before = stored.get(part)
        text = json.dumps(answer, ensure_ascii=False)
        same = json.loads(before.answer) == answer if before else not answer
        if same and (part in flags) == (before.flagged if before else False):
            continue
        counter = max(int(arrived.timestamp() * 1000), before.counter + 1 if before else 1)
        requests.append(
            SaveRequest(
                token,
                attempt.public_id,
                part,
                counter,
                "form",
                text,
                not answer,
                not answer,
                part in flags,
                arrived,
            )
        )
    return requests


@router.get("/{public_id}/state")
def show_state(public_id: str, site: AnySite, user: SignedInUser) -> Response:
    """What a running page asks for every few seconds."""
    clock = attempts.clock(site.store, user.id, public_id, now())
    state = "open" if clock.open and clock.now < clock.deadline else "closing" if clock.open else "handed-in"
    return JSONResponse(
        {
            "now": _iso(clock.now),
            "deadline": _iso(clock.deadline),
            "state": state,
            "counters": dict(clock.counters),
            "result": None if clock.open else f"/attempts/{public_id}/result",
        }
    )


@router.get("/{public_id}/submission")
def show_hand_in(request: Request, attempt: OwnAttempt, site: AnySite, user: SignedInUser) -> Response:
    if attempt.state != "open":
        return _to_result(attempt)
    return render(request, "attempts/hand_in.html", _hand_in_page(site, attempt), user)


def _hand_in_page(site: Site, attempt: Attempt, missing: tuple[str, ...] = ()) -> HandInPage:
    with site.store.read() as db:
        exam = site.exams.of(db, attempt.version_id)
    forms = problem_forms(exam, attempt.version_id, attempts.saved_answers(site.store, attempt))
    parts = [part for problem in forms for part in problem.parts]
    return HandInPage(
        title="Hand in",
        exam_title=exam.document.title,
        public_id=attempt.public_id,
        account=account_mark(attempt.public_id, attempt.user_id),
        now=now(),
        deadline=attempt.deadline,
        problems=tuple(_problem_state(one) for one in forms),
        answered=sum(part.state != "empty" for part in parts),
        empty=sum(part.state == "empty" for part in parts),
        unreadable=sum(part.state == "unreadable" for part in parts),
        flagged=sum(part.flagged for part in parts),
        missing=missing,
    )


def _problem_state(problem: ProblemForm) -> ProblemState:
    states = tuple(PartState(part.id, part.state, part.flagged) for part in problem.parts)
    return ProblemState(problem.id, problem.title, states)


@router.post("/{public_id}/submission")
def create_submission(
    request: Request,
    attempt: OwnAttempt,
    site: AnySite,
    user: SignedInUser,
    unsaved: Annotated[list[str], Form()] = NONE_UNSAVED,
    anyway: Annotated[bool, Form()] = False,
) -> Response:
    """Hand in. `unsaved` ("4c 1764032400123") are changes that the browser still holds: without `anyway`
    nothing is handed in as long as the server has not got them."""
    held = {} if anyway else _counters(unsaved)
    try:
        closed = attempts.hand_in(site.store, site.exams, user.id, attempt.public_id, now(), believed=held)
    except AnswersMissing as missing:
        page = _hand_in_page(site, attempt, missing.parts)
        return render(request, "attempts/hand_in.html", page, user, missing.status)
    return _to_result(closed)


def _counters(unsaved: list[str]) -> dict[str, int]:
    pairs = (one.split(" ") for one in unsaved)
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and _NUMBER.fullmatch(pair[1])}


def _to_result(attempt: Attempt) -> Response:
    return RedirectResponse(f"/attempts/{attempt.public_id}/result", HTTPStatus.SEE_OTHER)


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
