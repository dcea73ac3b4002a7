"""How the engine reads what is being typed. Nothing is stored and nothing is marked here."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.grading.fields.number import MOST_CELLS
from app.grading.fields.text import MOST_CHARACTERS
from app.web.limits import AnyPreviewing
from app.web.previews import Preview, preview_math, preview_number, preview_text

router = APIRouter(prefix="/previews")

MOST_FORMULA = 2_000
MOST_NUMBER = 400


class TextEntry(BaseModel):
    text: str = Field(max_length=MOST_CHARACTERS)


class MathEntry(BaseModel):
    text: str = Field(max_length=MOST_FORMULA)


class NumberEntry(BaseModel):
    text: str = Field(max_length=MOST_NUMBER)
    integer: bool = False


class NumberEntries(BaseModel):
    entries: Annotated[list[NumberEntry], Field(max_length=MOST_CELLS)]


class TextPreview(BaseModel):
    html: str


class NumberPreviews(BaseModel):
    readings: list[Preview]


@router.post("/text")
def create_text_preview(entry: TextEntry, previewing: AnyPreviewing) -> TextPreview:
    return previewing.run(lambda: TextPreview(html=preview_text(entry.text)))


@router.post("/math")
def create_math_preview(entry: MathEntry, previewing: AnyPreviewing) -> Preview:
    return previewing.run(lambda: preview_math(entry.text))


@router.post("/numbers")
def create_number_previews(entered: NumberEntries, previewing: AnyPreviewing) -> NumberPreviews:
    def read() -> NumberPreviews:
        return NumberPreviews(readings=[preview_number(one.text, one.integer) for one in entered.entries])

    return previewing.run(read)
