"""For the staff: answers that came too late, kept apart; taking in a student's file; accepting part by part."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from app.errors import AppError, InvalidInput, NotFound
from app.services import attempts, late_answers
from app.services.late_answers import LARGEST_FILE, TakenIn
from app.services.outlooks import Outlooks
from app.store import queries
from app.web.deps import AnyAttempt, Staff, now, staff
from app.web.late_pages import LateAnswersPage, LateAttempt, LateAttemptsPage
from app.web.late_views import LateWork, decisions
from app.web.security import refuse_stale
from app.web.site import AnySite, Site
from app.web.templating import render

router = APIRouter(prefix="/late-answers", dependencies=[Depends(staff), Depends(refuse_stale)])

MOST_ATTEMPTS = 200
OUTLOOK_SECONDS = 3.0  # of marking what late answers would get; a whole attempt takes a fraction of one
NOTES = {
    "accepted": "The late answer counts now; the attempt was marked again.",
    "back": "What was handed in counts again.",
}


@router.get("")
def show_late_attempts(request: Request, site: AnySite, user: Staff) -> Response:
    return render(request, "late_answers/index.html", _attempts_page(site), user)


def _attempts_page(site: Site, fault: AppError | None = None) -> LateAttemptsPage:
    with site.store.read() as db:
        found = queries.attempts_with_late_saves(db, MOST_ATTEMPTS)
    return LateAttemptsPage(
        title="Late answers",
        attempts=tuple(
            LateAttempt(
                public_id=one.public_id,
                student=one.user.name,
                email=one.user.email,
                exam_title=one.version.title,
                parts=parts,
                last=last,
                runs=one.state == "open",
            )
            for one, parts, last in found
        ),
        error=fault.message if fault else "",
        faulty="file" if fault else "",
    )


@router.post("/files")
def create_file(request: Request, site: AnySite, user: Staff, file: UploadFile) -> Response:
    """Take in the answers that a student's page gave as a file."""
    try:
        taken = late_answers.take_in(site.store, user.id, file.file.read(LARGEST_FILE + 1), now())
    except (InvalidInput, NotFound) as fault:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "late_answers/index.html", _attempts_page(site, fault), user, status)
    with site.store.read() as db:
        attempt = queries.attempt_with_student(db, taken.attempt)
    if attempt is None:
        raise NotFound("There is no such attempt.")
    return render(request, "late_answers/show.html", _page(site, attempt, _told(taken)), user)


def _told(taken: TakenIn) -> str:
    sentences = [f"Taken in: {', '.join(taken.kept)}." if taken.kept else "Nothing was taken in."]
    if taken.refused:
        sentences.append(f"Not taken in: {', '.join(part[:20] for part in taken.refused[:20])}.")
    if taken.same:
        sentences.append("The rest is empty or stored already.")
    return " ".join(sentences)


@router.get("/{public_id}")
def show_late_answers(
    request: Request, attempt: AnyAttempt, site: AnySite, user: Staff, done: str = ""
) -> Response:
    return render(request, "late_answers/show.html", _page(site, attempt, NOTES.get(done, "")), user)


def _page(site: Site, attempt: AnyAttempt, note: str) -> LateAnswersPage:
    with site.store.read() as db:
        exam = site.exams.of(db, attempt.version_id)
        late = queries.late_saves_of(db, attempt.id)
        decided = queries.acceptances_of(db, attempt.id)
        uploaders = queries.users_by_id(db, {one.uploaded_by for one in late if one.uploaded_by is not None})
    stored = attempts.saved_answers(site.store, attempt)
    texts = {part: one.answer for part, one in stored.items()}
    work = LateWork(
        exam=exam,
        version_id=attempt.version_id,
        stored=stored,
        late=late,
        decided=decided,
        end=attempt.submitted_at or attempt.deadline,
        uploaders=uploaders,
        outlooks=None
        if attempt.state == "open"
        else Outlooks(exam, attempt.version_id, texts, site.exams.marks, OUTLOOK_SECONDS),
    )
    return LateAnswersPage(
        title=f"Late answers of {attempt.user.name}",
        public_id=attempt.public_id,
        student=attempt.user.name,
        email=attempt.user.email,
        exam_title=attempt.version.title,
        ended_at=work.end,
        runs=attempt.state == "open",
        note=note,
        parts=tuple(work.parts()),
        decisions=tuple(decisions(decided)),
    )


@router.post("/{public_id}/acceptances")
def create_acceptance(
    attempt: AnyAttempt, site: AnySite, user: Staff, late: Annotated[int, Form(ge=1, le=2**62)]
) -> Response:
    """Let one late answer count."""
    late_answers.accept(site.store, site.exams, attempt.public_id, late, user.id, now())
    return _back(attempt, "accepted")


@router.post("/{public_id}/returns")
def create_return(
    attempt: AnyAttempt, site: AnySite, user: Staff, part: Annotated[str, Form(max_length=40)]
) -> Response:
    """Let what was handed in count again for a part."""
    late_answers.put_back(site.store, site.exams, attempt.public_id, part, user.id, now())
    return _back(attempt, "back")


def _back(attempt: AnyAttempt, done: str) -> Response:
    return RedirectResponse(f"/late-answers/{attempt.public_id}?done={done}", HTTPStatus.SEE_OTHER)
