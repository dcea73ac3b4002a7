"""Column types: points in half credits, times in UTC."""

from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, DateTime, Dialect, Integer, any_, literal
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")

# SQLite counts its own rows only in a column of exactly this type.
BigId = BigInteger().with_variant(Integer(), "sqlite")


def in_halves(points: Fraction) -> int:
    """The number of half credits: Fraction(3, 2) is 3. Raises ValueError for what is not on that grid."""
    halves = points * 2
    if halves.denominator != 1:
        raise ValueError(f"{points} is not a multiple of half a credit")
    return int(halves)


class HalfCredits(TypeDecorator[Fraction]):
    """Points, stored as the integer number of half credits: Fraction(3, 2) is 3."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> int | None:
        return None if value is None else in_halves(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(value, 2)


class UtcTime(TypeDecorator[datetime]):
    """A moment. Python sees an aware time in UTC; SQLite, which knows no zones, stores it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def stored_text(moment: datetime) -> str:
    """A time in UTC as SQLite stores it, for statements that go to the driver as they stand."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def from_stored_text(text: str) -> datetime:
    """The time in UTC that SQLite stores as this text."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def among(
    connection: Connection, column: InstrumentedAttribute[T], values: Iterable[T]
) -> ColumnElement[bool]:
    """Whether the column is one of these values. PostgreSQL gets them as one array, so that it has one text and
    one plan for any number of them."""
    if connection.dialect.name == "sqlite":
        return column.in_(values)
    return column == any_(literal(list(values), ARRAY(column.type)))
