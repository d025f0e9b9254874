"""Sets of the values that a metric may have: intervals of numbers or lists of words, and null."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

INFINITY = Decimal("Infinity")


@dataclass(frozen=True)
class Interval:
    """Numbers from `low` to `high`; an open end does not hold its bound."""

    low: Decimal = -INFINITY
    high: Decimal = INFINITY
    low_open: bool = False
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def __and__(self, other: Interval) -> Interval:
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_shut = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low, high, low_open, not high_shut)

    def whole(self) -> Interval:
        """Return the interval between the least and the greatest whole number in it."""
        low, high = self.low, self.high
        if low.is_finite():
            low = low.to_integral_value(ROUND_CEILING)
            low += 1 if self.low_open and low == self.low else 0
        if high.is_finite():
            high = high.to_integral_value(ROUND_FLOOR)
            high -= 1 if self.high_open and high == self.high else 0
        return Interval(low, high)


EVERY_NUMBER = (Interval(),)


@dataclass(frozen=True)
class Values:
    """A set of values of one metric: intervals, disjoint and ascending, words, and null.

    If `all_but`, it holds all words but those of `words`; if `is_whole`, whole numbers only.
    """

    intervals: tuple[Interval, ...] = ()
    words: frozenset[str] = frozenset()
    all_but: bool = False
    has_null: bool = False
    is_whole: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in the set."""
        return not (self.intervals or self.words or self.all_but or self.has_null)

    def __and__(self, other: Values) -> Values:
        is_whole = self.is_whole or other.is_whole
        pieces = [left & right for left in self.intervals for right in other.intervals]
        if is_whole:
            pieces = [piece.whole() for piece in pieces]
        if self.all_but and other.all_but:
            words = self.words | other.words
        elif self.all_but:
            words = other.words - self.words
        elif other.all_but:
            words = self.words - other.words
        else:
            words = self.words & other.words
        return Values(
            tuple(piece for piece in pieces if not piece.is_empty),
            words,
            self.all_but and other.all_but,
            self.has_null and other.has_null,
            is_whole,
        )

    def complement(self) -> Values:
        """Return every other value: numbers, words, and null if it is not here."""
        gaps: list[Interval] = []
        low, low_open = -INFINITY, False
        for interval in self.intervals:
            gaps.append(Interval(low, interval.low, low_open, not interval.low_open))
            low, low_open = interval.high, not interval.high_open
        gaps.append(Interval(low, INFINITY, low_open, False))
        kept = tuple(gap for gap in gaps if not gap.is_empty)
        return Values(kept, self.words, not self.all_but, not self.has_null)


NULL = Values(has_null=True)
NOT_NULL = Values(EVERY_NUMBER, frozenset(), all_but=True)
ANYTHING = Values(EVERY_NUMBER, frozenset(), all_but=True, has_null=True)
