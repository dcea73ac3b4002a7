"""The catalogue of exams, an exam's start page, and starting it."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from app.errors import NotFound
from app.services import attempts
from app.store import queries
from app.web.cards import exam_card, told_apart
from app.web.deps import SignedInUser, now
from app.web.limits import UnhurriedStart
from app.web.pages import CataloguePage, ProblemLine, StartPage
from app.web.security import refuse_stale
from app.web.site import AnySite
from app.web.templating import render

router = APIRouter(dependencies=[Depends(refuse_stale)])


@router.get("/")
def show_catalogue(request: Request, site: AnySite, user: SignedInUser) -> Response:
    with site.store.read() as db:
        own = queries.attempts_of(db, user.id)
        versions = queries.catalogue(db)
        cards = [exam_card(one, site.exams.of(db, one.id).document, own) for one in versions]
    return render(request, "exams/index.html", CataloguePage("Exams", told_apart(cards)), user)


@router.get("/exams/{slug}")
def show_exam(request: Request, slug: str, site: AnySite, user: SignedInUser) -> Response:
    with site.store.read() as db:
        version = queries.newest_version(db, slug)
        if version is None:
            raise NotFound("There is no exam with this name.")
        document = site.exams.of(db, version.id).document
        card = exam_card(version, document, queries.attempts_of(db, user.id))
    lines = tuple(ProblemLine(one.id, one.title, one.points, len(one.parts)) for one in document.problems)
    page = StartPage(document.title, card, document.aids, document.instructions, lines)
    response = render(request, "exams/show.html", page, user)
    response.background = BackgroundTask(site.preparation.of, version.id)  # whoever looks may start
    return response


@router.post("/exams/{slug}/attempts", dependencies=[UnhurriedStart])
def create_attempt(slug: str, site: AnySite, user: SignedInUser) -> Response:
    attempt = site.store.write(lambda db: attempts.start(db, user.id, slug, now()))
    site.jobs.close_later(attempt)
    return RedirectResponse(f"/attempts/{attempt.public_id}", HTTPStatus.SEE_OTHER)
