"""One frozen dataclass per page: all that its template gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from markupsafe import Markup

from app.web.widgets import FieldView


@dataclass(frozen=True, slots=True)
class ErrorPage:
    title: str
    message: str
    status: int


@dataclass(frozen=True, slots=True)
class SignInPage:
    title: str
    next: str
    email: str
    error: str
    can_register: bool
    demo_accounts: tuple[tuple[str, str, str], ...]  # role, address, password; only on this machine


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Making an account: by registration, or by an invitation (its address in `action`)."""

    title: str
    action: str
    email: str
    name: str
    error: str
    role: str


@dataclass(frozen=True, slots=True)
class PastAttempt:
    public_id: str
    started_at: datetime
    state: str
    points: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class ExamCard:
    slug: str
    title: str
    subtitle: str
    institution: str
    minutes: int
    points: Fraction
    parts: int
    open_attempt: str | None
    past: tuple[PastAttempt, ...]


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


@dataclass(frozen=True, slots=True)
class FigureView:
    url: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class PartForm:
    id: str
    title: str
    points: Fraction
    prompt: str
    figures: tuple[FigureView, ...]
    fields: tuple[FieldView, ...]
    counter: int
    saved_at: datetime | None
    flagged: bool
    state: str  # empty, answered, unreadable


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
    tab: str
    now: datetime
    deadline: datetime
    problems: tuple[ProblemForm, ...]
    saved: bool


@dataclass(frozen=True, slots=True)
class HandInPage:
    title: str
    public_id: str
    deadline: datetime
    problems: tuple[ProblemForm, ...]
    empty: int
    flagged: int


@dataclass(frozen=True, slots=True)
class CriterionView:
    sentence: str
    points: Fraction
    verdict: str
    symbol: str
    finding: str
    counts: bool
    is_deduction: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A field's answer as it was given, the counting places marked in it."""

    label: str
    html: Markup
    reading: str


@dataclass(frozen=True, slots=True)
class PartResult:
    id: str
    prompt: str
    points: Fraction
    low: Fraction
    high: Fraction
    max: Fraction
    answered: bool
    review: bool
    reasons: tuple[str, ...]
    answers: tuple[AnswerView, ...]
    criteria: tuple[CriterionView, ...]
    solution: str
    figures: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class ProblemResult:
    id: str
    title: str
    points: Fraction
    low: Fraction
    high: Fraction
    max: Fraction
    parts: tuple[PartResult, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    title: str
    slug: str
    points: Fraction
    low: Fraction
    high: Fraction
    max: Fraction
    submitted_at: datetime | None
    closed_by: str
    receipt: str
    problems: tuple[ProblemResult, ...]
    waiting: int
    words: Mapping[str, str]
