"""One frozen dataclass per page: all that its template gets."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.web.answers import AnswerView
from app.web.widgets import FieldView


@dataclass(frozen=True, slots=True)
class ErrorPage:
    title: str
    message: str
    advice: str
    status: int


# Accounts.


@dataclass(frozen=True, slots=True)
class DemoLogin:
    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`faulty` names the box that an error is about, if it is about one."""

    title: str
    next: str
    email: str
    error: str
    faulty: str
    can_register: bool
    demo_logins: tuple[DemoLogin, ...]  # empty but on the machine that Endterm runs on


@dataclass(frozen=True, slots=True)
class NewAccountPage:
    """Making an account: by registration, or by an invitation; `action` is where the form goes."""

    title: str
    action: str
    role: str
    name: str = ""
    email: str = ""
    error: str = ""
    faulty: str = ""


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One's own account. `signed_in` is when each of its sessions began, the newest first."""

    title: str
    name: str
    email: str
    role: str
    can_change: bool
    signed_in: tuple[datetime, ...]
    error: str = ""
    faulty: str = ""


# Exams.


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """`points` and its bounds are None until it is marked."""

    public_id: str
    started_at: datetime
    points: Fraction | None
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    public_id: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class ExamCard:
    slug: str
    title: str
    subtitle: str
    institution: str
    minutes: int
    points: Fraction
    parts: int
    problems: int
    running: OpenAttempt | None
    past: tuple[PastAttempt, ...]  # newest first
    has_twin: bool = False  # another exam of the catalogue has the same title and subtitle


@dataclass(frozen=True, slots=True)
class CataloguePage:
    title: str
    exams: tuple[ExamCard, ...]


@dataclass(frozen=True, slots=True)
class ProblemLine:
    id: str
    title: str
    points: Fraction
    parts: int


@dataclass(frozen=True, slots=True)
class StartPage:
    title: str
    card: ExamCard
    aids: str
    instructions: str
    problems: tuple[ProblemLine, ...]


# The attempt.


@dataclass(frozen=True, slots=True)
class FigureView:
    url: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class PartForm:
    """`state` is empty, answered or unreadable."""

    id: str
    title: str
    points: Fraction
    prompt: str
    figures: tuple[FigureView, ...]
    fields: tuple[FieldView, ...]
    counter: int
    saved_at: datetime | None
    flagged: bool
    state: str


@dataclass(frozen=True, slots=True)
class ProblemForm:
    id: str
    title: str
    points: Fraction
    intro: str
    figures: tuple[FigureView, ...]
    parts: tuple[PartForm, ...]


@dataclass(frozen=True, slots=True)
class AttemptPage:
    title: str
    public_id: str
    account: str
    now: datetime
    deadline: datetime
    problems: tuple[ProblemForm, ...]
    answered: int
    parts: int
    saved: bool


@dataclass(frozen=True, slots=True)
class PartState:
    id: str
    state: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class ProblemState:
    id: str
    title: str
    parts: tuple[PartState, ...]


@dataclass(frozen=True, slots=True)
class HandInPage:
    title: str
    exam_title: str
    public_id: str
    account: str
    now: datetime
    deadline: datetime
    problems: tuple[ProblemState, ...]
    answered: int
    empty: int
    unreadable: int
    flagged: int
    missing: tuple[str, ...] = ()
    """Parts with changes that the server has not got; handing in then needs a second word."""


# The result.


@dataclass(frozen=True, slots=True)
class CriterionView:
    """`number` is the one that stands at the marked places; `word` and `sign` say the verdict.

    `remark` says what the points alone do not: that they are not counted twice, or are still open.
    """

    number: int
    sentence: str
    points: Fraction
    verdict: str
    word: str
    sign: str
    finding: str
    remark: str


@dataclass(frozen=True, slots=True)
class PartResult:
    """`others` are criteria that changed nothing: other ways to the same points, deductions that did not apply."""

    id: str
    title: str
    prompt: str
    points: Fraction
    low: Fraction
    high: Fraction
    max: Fraction
    standing: str
    sign: str
    answered: bool
    review: bool
    reasons: tuple[str, ...]
    answers: tuple[AnswerView, ...]
    criteria: tuple[CriterionView, ...]
    others: tuple[CriterionView, ...]
    solution: str
    figures: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class ProblemResult:
    id: str
    title: str
    intro: str
    figures: tuple[FigureView, ...]
    points: Fraction
    low: Fraction
    high: Fraction
    max: Fraction
    parts: tuple[PartResult, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """`waiting` counts the parts that a person will look at."""

    title: str
    exam_title: str
    subtitle: str
    slug: str
    public_id: str
    account: str
    points: Fraction
    low: Fraction
    high: Fraction
    max: Fraction
    handed_in: str
    submitted_at: datetime | None
    receipt: str
    accepted: tuple[str, ...]  # parts for which a late answer counts
    late: int  # parts that were changed after the end, which is kept apart
    from_file: int  # parts that the staff took in from a file, which is kept apart
    problems: tuple[ProblemResult, ...]
    waiting: int
    past: tuple[PastAttempt, ...]
