"""The result of an attempt: the cover table, and for every part what each half credit was given for."""

from fractions import Fraction
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from app.services import marks, receipts
from app.store import queries
from app.web.cards import past_attempts
from app.web.deps import OwnAttempt, SignedInUser, load_attempt, now
from app.web.pages import ResultPage
from app.web.result_views import Results
from app.web.security import account_mark
from app.web.site import AnySite
from app.web.templating import render

router = APIRouter(prefix="/attempts")

CLOSED_BY = {
    "student": "You handed in",
    "deadline": "Handed in when the time was over",
    "staff": "Handed in for you",
}


@router.get("/{public_id}/receipt")
def show_receipt(attempt: OwnAttempt, site: AnySite) -> Response:
    """The receipt as a file to keep."""
    with site.store.read() as db:
        text = receipts.receipt_of(db, attempt).as_text()
    name = f"receipt-{attempt.public_id}.txt"
    return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/{public_id}/result")
def show_result(request: Request, attempt: OwnAttempt, site: AnySite, user: SignedInUser) -> Response:
    if attempt.state == "open":
        return RedirectResponse(f"/attempts/{attempt.public_id}", HTTPStatus.SEE_OTHER)
    if attempt.state == "submitted":
        marks.grade(site.store, site.exams, attempt.id, now())
        attempt = load_attempt(site, attempt.public_id, user)
    with site.store.read() as db:
        exam = site.exams.of(db, attempt.version_id)
        answers = queries.answers_of(db, attempt.id)
        results = Results(exam, attempt.version_id, queries.marks_of(db, attempt.id), answers)
        own = queries.attempts_of(db, user.id)
        late = queries.late_saves_of(db, attempt.id)
        decided = {one.part: one.late_save_id for one in queries.acceptances_of(db, attempt.id)}
    accepted = {part for part, late_save_id in decided.items() if late_save_id is not None}
    problems = results.problems()
    page = ResultPage(
        title=f"Result: {exam.document.title}",
        exam_title=exam.document.title,
        subtitle=exam.document.subtitle,
        slug=attempt.version.exam.slug,
        public_id=attempt.public_id,
        account=account_mark(attempt.public_id, attempt.user_id),
        points=attempt.points or Fraction(0),
        low=attempt.low or Fraction(0),
        high=attempt.high or Fraction(0),
        max=exam.document.points,
        handed_in=CLOSED_BY.get(attempt.closed_by or "", "Handed in"),
        submitted_at=attempt.submitted_at,
        receipt=attempt.receipt or "",
        accepted=tuple(sorted(accepted)),
        late=len({one.part for one in late if one.uploaded_by is None} - accepted),
        from_file=len({one.part for one in late if one.uploaded_by is not None} - accepted),
        problems=problems,
        waiting=sum(part.review for problem in problems for part in problem.parts),
        past=tuple(one for one in past_attempts(own, attempt.exam_id) if one.public_id != attempt.public_id),
    )
    return render(request, "results/show.html", page, user)
