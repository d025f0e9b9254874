"""Finds the places of a Jinja SQL model where one small change should make some test fail.

The text is edited in place: Jinja is masked by identifiers and blanks of the same length, sqlglot
tokenises what is left, and every mutation is a replacement between two offsets of the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import Token, TokenType
from sqlglot.dialects import DuckDB
from sqlglot.errors import SqlglotError

T = TokenType
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
COMPARISONS = {T.GT: ">=", T.GTE: ">", T.LT: "<=", T.LTE: "<", T.EQ: "!=", T.NEQ: "="}
ARITHMETIC = {T.PLUS: "-", T.DASH: "+", T.STAR: "/", T.SLASH: "*"}
AGGREGATES = {
    **{"min": "max", "max": "min", "sum": "count", "count": "sum", "avg": "sum"},
    **{"min_by": "max_by", "max_by": "min_by", "greatest": "least", "least": "greatest"},
}
SET_OPERATORS = {T.UNION, T.EXCEPT, T.INTERSECT}
JOIN_WORDS = {T.JOIN, T.LEFT, T.RIGHT, T.FULL, T.INNER, T.CROSS, T.OUTER, T.NATURAL}
JOIN_PREFIXES = JOIN_WORDS | {T.ANTI, T.SEMI, T.ASOF}
CLAUSE_ENDS = (
    {T.GROUP_BY, T.ORDER_BY, T.HAVING, T.QUALIFY, T.LIMIT, T.WINDOW, T.WHERE, T.THEN, T.ON, T.COMMA}
    | SET_OPERATORS
    | JOIN_WORDS
)
TYPES_WITH_SIZE = {"decimal", "numeric", "varchar", "char"}


@dataclass(frozen=True)
class Mutation:
    """A replacement of `text[start:end]`; `kind` says what was broken, `line` counts from 1."""

    kind: str
    start: int
    end: int
    replacement: str
    line: int

    def apply(self, text: str) -> str:
        """Return the mutated text."""
        return text[: self.start] + self.replacement + text[self.end :]


def mask_jinja(text: str) -> str:
    """Return text of the same length in which Jinja has become identifiers and blanks."""

    def mask(match: re.Match[str]) -> str:
        size = match.end() - match.start()
        inside = match.group()[2:-2].strip("- \n")
        if match.group()[1] != "{" or inside.startswith("config("):
            return re.sub(r"[^\n]", " ", match.group())
        before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
        if re.search(r"\bas\s*\($", before) and after.startswith(")") and size >= 8:
            return "select 1".ljust(size)  # a macro that writes a whole query
        return f"j{match.start()}".ljust(size, "_")[:size]

    return JINJA.sub(mask, text)


def is_parseable(text: str) -> bool:
    """Say whether sqlglot reads the model once its Jinja is masked."""
    return _tree(text) is not None


def is_valid(text: str, mutation: Mutation) -> bool:
    """Say whether the mutated model still is SQL, and other SQL than before."""
    mutant = _tree(mutation.apply(text))
    return mutant is not None and mutant != _tree(text)


def find_mutations(text: str) -> list[Mutation]:
    """Return every mutation of a model outside its Jinja, in the order of the text."""
    jinja = [match.span() for match in JINJA.finditer(text)]
    found = {
        mutation
        for mutation in _Finder(text).find()
        if all(
            mutation.end <= start
            or mutation.start >= end
            or mutation.start <= start < end <= mutation.end
            for start, end in jinja
        )
    }
    return sorted(found, key=lambda mutation: (mutation.start, mutation.end, mutation.replacement))


def _tree(text: str) -> object | None:
    try:
        return sqlglot.parse_one(mask_jinja(text), dialect="duckdb")
    except SqlglotError:
        return None


class _Finder:
    """Tokens of one model with the bracket (parenthesis or CASE) that each stands in."""

    def __init__(self, text: str) -> None:
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.tokens: list[Token] = DuckDB().tokenize(mask_jinja(text))
        self.bracket: list[int] = []
        self.closed_by: dict[int, int] = {-1: len(self.tokens)}
        stack = [-1]
        for index, token in enumerate(self.tokens):
            if token.token_type in (T.R_PAREN, T.END) and len(stack) > 1:
                self.closed_by[stack.pop()] = index
            self.bracket.append(stack[-1])
            if token.token_type in (T.L_PAREN, T.CASE):
                stack.append(index)
        self.in_join = {
            index
            for on, token in enumerate(self.tokens)
            if token.token_type == T.ON
            for index in range(on, self._clause(on, CLAUSE_ENDS)[-1] + 1)
        }

    def find(self) -> Iterator[Mutation]:
        finders: list[Callable[[int], Iterator[Mutation]]] = [
            self._comparison,
            self._condition,
            self._join,
            self._order,
            self._arithmetic,
            self._constant,
            self._function,
            self._union,
        ]
        for index in range(len(self.tokens)):
            for finder in finders:
                yield from finder(index)

    def _mutation(self, kind: str, first: int, last: int, replacement: str) -> Mutation:
        """Replace the tokens from `first` to `last`."""
        start, end = self.tokens[first].start, self.tokens[last].end + 1
        return Mutation(kind, start, end, replacement, bisect_right(self.line_starts, start))

    def _insertion(self, kind: str, after: int, text: str) -> Mutation:
        end = self.tokens[after].end + 1
        return Mutation(kind, end, end, text, bisect_right(self.line_starts, end))

    def _type(self, index: int) -> TokenType | None:
        return self.tokens[index].token_type if 0 <= index < len(self.tokens) else None

    def _word(self, index: int) -> str:
        return self.tokens[index].text.lower() if 0 <= index < len(self.tokens) else ""

    def _clause(self, start: int, ends: set[TokenType]) -> list[int]:
        """Tokens of the bracket of `start`, from it until one of `ends` (left(...) is no join)."""
        clause = [start]
        for index in range(start + 1, self.closed_by.get(self.bracket[start], len(self.tokens))):
            if self.bracket[index] == self.bracket[start]:
                is_function = (
                    self._type(index) in (T.LEFT, T.RIGHT) and self._type(index + 1) == T.L_PAREN
                )
                if self._type(index) in ends and not is_function:
                    break
            clause.append(index)
        return clause

    def _split(self, clause: list[int], separator: TokenType) -> list[tuple[int, int]]:
        """First and last token of the parts of a clause; `between a and b` is not split."""
        parts, first, betweens = [], clause[0], 0
        for index in clause:
            if self.bracket[index] != self.bracket[clause[0]]:
                continue
            if self._type(index) == T.BETWEEN:
                betweens += 1
            elif self._type(index) == separator:
                if separator == T.AND and betweens:
                    betweens -= 1
                    continue
                parts.append((first, index - 1))
                first = index + 1
        return [*parts, (first, clause[-1])]

    def _comparison(self, index: int) -> Iterator[Mutation]:
        kind = self._type(index)
        if kind in COMPARISONS and not (index in self.in_join and kind in (T.EQ, T.NEQ)):
            yield self._mutation("comparison", index, index, COMPARISONS[kind])
        elif kind == T.IS and self._type(index + 1) == T.NOT:
            yield self._mutation("comparison", index, index + 1, "is")
        elif kind == T.IS:
            yield self._mutation("comparison", index, index, "is not")

    def _condition(self, index: int) -> Iterator[Mutation]:
        kind = self._type(index)
        if kind not in (T.WHERE, T.HAVING, T.QUALIFY, T.ON, T.WHEN):
            return
        clause = self._clause(index, CLAUSE_ENDS)[1:]
        if not clause:
            return
        level = [i for i in clause if self.bracket[i] == self.bracket[index]]
        has_or = any(self._type(i) == T.OR for i in level)
        parts = [(clause[0], clause[-1])] if has_or else self._split(clause, T.AND)
        if kind == T.WHEN:
            yield self._mutation("dropped case", clause[0], clause[-1], "false")
        if len(parts) > 1 or kind not in (T.ON, T.WHEN):
            for first, last in parts:
                yield self._mutation("dropped filter", first, last, "true")
        if kind != T.ON:
            ands = [last + 1 for _, last in parts[:-1]]
            for connective in ands or [i for i in level if self._type(i) == T.OR]:
                swapped = "and" if self._type(connective) == T.OR else "or"
                yield self._mutation("and/or", connective, connective, swapped)

    def _join(self, index: int) -> Iterator[Mutation]:
        if self._type(index) != T.JOIN:
            return
        first = index
        while self._type(first - 1) in JOIN_PREFIXES:
            first -= 1
        words = {self._type(i) for i in range(first, index)}
        if words <= {T.LEFT, T.OUTER} and words:
            yield self._mutation("join", first, index, "inner join")
        elif words <= {T.INNER} or words <= {T.FULL, T.OUTER}:
            yield self._mutation("join", first, index, "left join")

    def _order(self, index: int) -> Iterator[Mutation]:
        if self._type(index) != T.ORDER_BY or self.bracket[index] == -1:
            return
        if self._type(self.bracket[index] + 1) in (T.SELECT, T.WITH):
            return  # the order of a subquery's rows means nothing
        clause = self._clause(index, {T.ROWS, T.RANGE, T.LIMIT})[1:]
        terms = self._split(clause, T.COMMA)
        for first, last in terms:
            direction = [i for i in range(first, last + 1) if self._type(i) in (T.ASC, T.DESC)]
            nulls = [i for i in range(first, last + 1) if self._word(i) == "nulls"]
            if direction:
                flipped = "asc" if self._type(direction[0]) == T.DESC else "desc"
                yield self._mutation("order", direction[0], direction[0], flipped)
            elif nulls:
                yield self._mutation("order", nulls[0], nulls[0], "desc nulls")
            else:
                yield self._insertion("order", last, " desc")
        if len(terms) > 1:
            first, last = terms[-1]
            yield self._mutation("dropped tie-break", first - 1, last, "")

    def _arithmetic(self, index: int) -> Iterator[Mutation]:
        kind = self._type(index)
        if kind not in ARITHMETIC or not self._is_operand(index - 1):
            return
        yield self._mutation("arithmetic", index, index, ARITHMETIC[kind])

    def _is_operand(self, index: int) -> bool:
        return self._type(index) in (T.VAR, T.IDENTIFIER, T.NUMBER, T.STRING, T.R_PAREN, T.END)

    def _constant(self, index: int) -> Iterator[Mutation]:
        if self._type(index) != T.NUMBER or self._type(index - 1) == T.LIMIT:
            return
        if self._type(index - 1) == T.SELECT and self._type(index + 1) == T.FROM:
            return  # exists (select 1 from ...)
        if self._word(self.bracket[index] - 1) in TYPES_WITH_SIZE:
            return
        digits = self._word(index)
        if re.fullmatch(r"\d+(\.\d+)?", digits):
            places = len(digits.partition(".")[2])
            step = 10.0**-places
            yield self._mutation("constant", index, index, f"{float(digits) + step:.{places}f}")

    def _function(self, index: int) -> Iterator[Mutation]:
        name, opened = self._word(index), index + 1
        if self._type(opened) != T.L_PAREN or self._type(index - 1) == T.DOT:
            return
        arguments = list(range(opened + 1, self.closed_by.get(opened, opened + 1)))
        if not arguments:
            return
        if name == "coalesce":
            parts = self._split(arguments, T.COMMA)
            if len(parts) > 1:
                yield self._mutation("dropped default", parts[-1][0] - 1, parts[-1][1], "")
        elif name == "count" and self._type(opened + 1) == T.DISTINCT:
            yield self._mutation("aggregate", index, opened + 1, "count(")
        elif name in AGGREGATES and self._type(opened + 1) != T.STAR:
            yield self._mutation("aggregate", index, index, AGGREGATES[name])

    def _union(self, index: int) -> Iterator[Mutation]:
        """Drop the branch before and the branch after each `union all`."""
        if self._type(index) != T.UNION:
            return
        last_word = index + 1 if self._type(index + 1) in (T.ALL, T.DISTINCT) else index
        after = self._clause(index, SET_OPERATORS)
        yield self._mutation("dropped branch", index, after[-1], "")
        before = index - 1
        while before >= 0 and not (
            self.bracket[before] == self.bracket[index] and self._type(before) == T.SELECT
        ):
            before -= 1
        if before >= 0:
            yield self._mutation("dropped branch", before, last_word, "")
