"""An attempt: its page, saving without scripts, what time is left, and handing in."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.services import attempts
from app.services.saves import SaveRequest
from app.services.tokens import hash_of, new_public_id
from app.store.models import Attempt
from app.store.saved import SavedAnswer
from app.web.attempt_forms import problem_forms
from app.web.deps import AnySite, OwnAttempt, SignedInUser, now
from app.web.forms import read_answers
from app.web.pages import AttemptPage, HandInPage
from app.web.templating import render

router = APIRouter(prefix="/attempts")


@router.get("/{public_id}")
def show_attempt(request: Request, attempt: OwnAttempt, site: AnySite, user: SignedInUser, saved: int = 0) -> Response:
    if attempt.state != "open":
        return _to_result(attempt)
    with site.store.read() as db:
        exam = site.exams.of(db, attempt.version_id)
    forms = problem_forms(exam, attempt.version_id, attempts.saved_answers(site.store, attempt))
    page = AttemptPage(
        exam.document.title, attempt.public_id, new_public_id()[:16], now(), attempt.deadline, forms, bool(saved)
    )
    return render(request, "attempts/show.html", page, user)


async def form_pairs(request: Request) -> list[tuple[str, str]]:
    """The names and values of a form, in order; it may have very many fields."""
    form = await request.form(max_fields=20_000, max_files=0)
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


@router.post("/{public_id}/answers")
def create_answers(
    request: Request, attempt: OwnAttempt, site: AnySite, pairs: Annotated[list[tuple[str, str]], Depends(form_pairs)]
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
                token, attempt.public_id, part, counter, "form", text, not answer, not answer, part in flags, arrived
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
    with site.store.read() as db:
        exam = site.exams.of(db, attempt.version_id)
    forms = problem_forms(exam, attempt.version_id, attempts.saved_answers(site.store, attempt))
    parts = [part for problem in forms for part in problem.parts]
    empty = sum(part.state == "empty" for part in parts)
    flagged = sum(part.flagged for part in parts)
    page = HandInPage("Hand in", attempt.public_id, attempt.deadline, forms, empty, flagged)
    return render(request, "attempts/hand_in.html", page, user)


@router.post("/{public_id}/submission")
def create_submission(public_id: str, site: AnySite, user: SignedInUser) -> Response:
    attempt = attempts.hand_in(site.store, site.exams, user.id, public_id, now())
    return _to_result(attempt)


def _to_result(attempt: Attempt) -> Response:
    return RedirectResponse(f"/attempts/{attempt.public_id}/result", HTTPStatus.SEE_OTHER)


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
