"""The attempt page as its template gives it when all of it is rendered: what the cut page is compared with."""

from dataclasses import fields

from jinja2 import Environment

from app.exams.loader import Exam
from app.web.attempt_forms import problem_forms
from app.web.pages import AttemptPage
from app.web.papers import OwnWork, Papers


class FullPages(Papers):
    """Renders every page from beginning to end."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._template = environment.get_template("attempts/show.html")

    def page(self, exam: Exam, version_id: int, own: OwnWork) -> bytes:
        problems = problem_forms(exam, version_id, own.answers)
        parts = [part for problem in problems for part in problem.parts]
        page = AttemptPage(
            title=exam.document.title,
            public_id=own.public_id,
            account=own.account,
            now=own.now,
            deadline=own.deadline,
            problems=problems,
            answered=sum(part.state != "empty" for part in parts),
            parts=len(parts),
            saved=own.saved,
        )
        values = {one.name: getattr(page, one.name) for one in fields(page)}
        return self._template.render(values, user=None, form_token=own.form_token).encode()
