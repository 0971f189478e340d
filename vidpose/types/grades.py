"""What a video can answer: one grade per question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

Question = Literal["knee depth", "hip", "ankle", "arms", "left-right", "gait", "jumps", "distances"]
Answer = Literal["yes", "rough", "no", "none"]


@dataclass(frozen=True, slots=True)
class Grade:
    """Whether one question can be answered from a video.

    Attributes
    ----------
    question
        What is asked: ``knee depth`` stands for the largest knee flexion, ``arms`` for shoulders and elbows,
        ``left-right`` for a comparison of the sides, ``distances`` for lengths and speeds.
    answer
        ``yes``; ``rough``: with a larger error, or only in part; ``no``; ``none``: it could have been seen, and there
        was none.
    because
        A few words: how exact, what was seen, or why not; may be empty.
    """

    question: Question
    answer: Answer
    because: str = ""

    def __post_init__(self) -> None:
        for name, known in (("question", get_args(Question)), ("answer", get_args(Answer))):
            if getattr(self, name) not in known:
                raise ValueError(f"{name}: expected one of {', '.join(known)}, got {getattr(self, name)!r}")

    @classmethod
    def from_dict(cls, entry: dict[str, Any]) -> Grade:
        """Build a grade from what :meth:`as_dict` returned."""
        return cls(entry["question"], entry["answer"], entry["because"])

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"question": self.question, "answer": self.answer, "because": self.because}


def in_one_line(grades: Iterable[Grade]) -> str:
    """Return the grades as one line: equal ones together, and without those of movements that do not occur.

    Examples
    --------
    >>> in_one_line([Grade("knee depth", "yes", "± 6°"), Grade("gait", "no", "oblique view"), Grade("jumps", "none")])
    'knee depth yes ± 6°; gait no, oblique view'
    >>> in_one_line([Grade("hip", "no", "no person"), Grade("gait", "no", "no person")])
    'nothing, no person'
    >>> in_one_line([Grade("hip", "no", "front view"), Grade("ankle", "no", "front view"), Grade("left-right", "yes")])
    'hip, ankle no, front view; left-right yes'
    """
    alike: dict[tuple[Answer, str], list[str]] = {}
    for grade in grades:
        if grade.answer != "none":
            alike.setdefault((grade.answer, grade.because), []).append(grade.question)
    if len(alike) == 1 and next(iter(alike))[0] == "no":
        return f"nothing, {next(iter(alike))[1]}"
    return "; ".join(_said(", ".join(questions), *answer) for answer, questions in alike.items())


def _said(questions: str, answer: Answer, because: str) -> str:
    joined = " " if answer == "yes" else ", "
    return f"{questions} {answer}{joined if because else ''}{because}"
