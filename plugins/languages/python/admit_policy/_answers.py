"""What the requestor answered to the questions of the assignment policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from admit_policy import _host
from admit_policy._guid import guid


@dataclass(frozen=True)
class Answer:
    """One answer. Each member is None where the payload has none."""

    _index: int

    @property
    def value(self) -> str | None:
        """The answer as stored. For a choice this is the choice's own value, not what the
        requestor saw; several choices arrive in one text.
        """
        return _host.optional_text("answers", "value", self._index)

    @property
    def display_value(self) -> str | None:
        """The answer as the requestor saw it."""
        return _host.optional_text("answers", "display_value", self._index)

    @property
    def question_id(self) -> str | None:
        """Id of the question, a GUID."""
        return _host.optional_text("answers", "question_id", self._index)

    @property
    def question_text(self) -> str | None:
        """Text of the question. Administrators edit it: prefer the id."""
        return _host.optional_text("answers", "question_text", self._index)

    @property
    def question_is_required(self) -> bool | None:
        """Whether the question had to be answered."""
        return _host.optional_flag("answers", "question_is_required", self._index)


class Answers:
    """The answers of the callout, in payload order. A sequence: it has a length, items and an end."""

    __slots__ = ()

    def __len__(self) -> int:
        return _host.integer("answers", "count")

    def __getitem__(self, index: int) -> Answer:
        length = len(self)
        if not -length <= index < length:
            raise IndexError(f"`answers[{index}]` of {length}")
        return Answer(index % length)

    def __iter__(self) -> Iterator[Answer]:
        return map(Answer, range(len(self)))

    def to(self, question: str) -> Answer | None:
        """The first answer to a question, or None: it was not answered.

        The question is named by its id (a GUID in any spelling) or else by its exact text.
        Administrators edit texts: prefer the id.
        """
        id = guid(question)
        for answer in self:
            if question == answer.question_text if id is None else id == answer.question_id:
                return answer
        return None
