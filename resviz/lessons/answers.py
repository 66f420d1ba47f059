"""What is told after a guess."""

from collections.abc import Sequence

from resviz.lessons.figures import number
from resviz.lessons.lesson import Question
from resviz.report.formatting import exact


def solution(question: Question, targets: Sequence[str] = ()) -> str:
    """Return what is right, and why, as Markdown with placeholders.

    ``targets`` are the paths to find, of a question that is answered in the picture.
    """
    if question.in_picture:
        return f"**{', '.join(f'`{path}`' for path in targets)}.** {question.answer}"
    if question.number:
        return f"**It is {exact(number(question.number))}.** {question.answer}"
    return f"**It is: {question.choices[question.right]}.** {question.answer}"
