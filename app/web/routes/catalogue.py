"""The catalogue of exams, an exam's start page, and starting it."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import NotFound
from app.services import attempts
from app.store import queries
from app.store.models import Attempt, ExamVersion
from app.web.deps import AnySite, SignedInUser, now
from app.web.pages import CataloguePage, ExamCard, PastAttempt, ProblemLine, StartPage
from app.web.templating import render

router = APIRouter()


@router.get("/")
def show_catalogue(request: Request, site: AnySite, user: SignedInUser) -> Response:
    with site.store.read() as db:
        versions = queries.catalogue(db)
        own = queries.attempts_of(db, user.id)
        cards = tuple(_card(version, own, site.exams.of(db, version.id).document.institution) for version in versions)
    return render(request, "exams/index.html", CataloguePage("Exams", cards), user)


@router.get("/exams/{slug}")
def show_exam(request: Request, slug: str, site: AnySite, user: SignedInUser) -> Response:
    with site.store.read() as db:
        version = queries.newest_version(db, slug)
        if version is None:
            raise NotFound("There is no such exam.")
        document = site.exams.of(db, version.id).document
        card = _card(version, queries.attempts_of(db, user.id), document.institution)
    lines = tuple(ProblemLine(one.id, one.title, one.points, len(one.parts)) for one in document.problems)
    page = StartPage(document.title, card, document.aids, document.instructions, lines)
    return render(request, "exams/show.html", page, user)


@router.post("/exams/{slug}/attempts")
def create_attempt(slug: str, site: AnySite, user: SignedInUser) -> Response:
    attempt = site.store.write(lambda db: attempts.start(db, user.id, slug, now()))
    site.jobs.close_later(attempt)
    return RedirectResponse(f"/attempts/{attempt.public_id}", HTTPStatus.SEE_OTHER)


def _card(version: ExamVersion, own: Sequence[Attempt], institution: str) -> ExamCard:
    mine = [one for one in own if one.exam_id == version.exam_id]
    running = next((one.public_id for one in mine if one.state == "open"), None)
    past = tuple(
        PastAttempt(one.public_id, one.started_at, one.state, one.points, one.high) for one in mine if one.state != "open"
    )
    return ExamCard(
        version.exam.slug,
        version.title,
        version.subtitle,
        institution,
        version.minutes,
        version.points,
        len(version.parts),
        running,
        past,
    )
