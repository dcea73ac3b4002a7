"""The usual way to save an answer: a session of SQLAlchemy and a commit for each request.

It has the same SQLite build with the same settings for durability as Endterm, and does less: it asks nobody
who they are, and checks neither deadline nor counter.
"""

import os
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import JSON, Engine, String, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Its only table."""


class Answer(Base):
    __tablename__ = "answers"

    attempt: Mapped[str] = mapped_column(String(32), primary_key=True)
    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    counter: Mapped[int]
    tab: Mapped[str] = mapped_column(String(40))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    flagged: Mapped[bool]


class Save(BaseModel):
    counter: int
    tab: str
    value: dict[str, Any]
    flagged: bool = False


def plain_engine(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def plain_app() -> FastAPI:
    engine = plain_engine(os.environ["PLAIN_DATABASE"])
    api = FastAPI()

    def session() -> Iterator[Session]:
        with Session(engine) as db:
            yield db

    @api.post("/attempts/{attempt}/answers/{part}")
    def save(
        attempt: str, part: str, save: Save, db: Annotated[Session, Depends(session, scope="function")]
    ) -> dict[str, int]:
        row = {"attempt": attempt, "part": part, **save.model_dump()}
        kept = {name: row[name] for name in ("counter", "tab", "value", "flagged")}
        db.execute(
            insert(Answer).values(row).on_conflict_do_update(index_elements=["attempt", "part"], set_=kept)
        )
        db.commit()
        return {"counter": save.counter}

    return api
