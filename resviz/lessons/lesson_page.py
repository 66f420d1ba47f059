"""A lesson as one HTML file, for a course page or a stick: every step with what it shows, no server, no network.

What needs a running app, controls and experiments that take seconds, is shown at the lesson's own setting and said in
a sentence.
"""

from html import escape

from resviz.diagram.element import POLICY, element_script
from resviz.lessons.answers import solution
from resviz.lessons.controls import Choice, Control, Settings, Slider, Text, Toggle
from resviz.lessons.experiments import EXPERIMENTS
from resviz.lessons.figures import filled
from resviz.lessons.lesson import Lesson, Question, Step
from resviz.lessons.lesson_assets import lesson_text
from resviz.lessons.markdown import html, html_line
from resviz.lessons.shown import Chart, Shown
from resviz.lessons.shown_html import plotly_script, shown_html
from resviz.progress import Report, silent
from resviz.report.html_table import STYLE

RAN = "Run as this file was made."
NOT_RUN = "The app runs this experiment; here is what it starts from."


def lesson_page(lesson: Lesson, *, run: bool = False, report: Report = silent) -> str:
    """Return a lesson as a page of one file.

    ``run`` runs its experiments, seconds to minutes each, and shows what they find; ``report`` is told of the steps.
    A page with charts holds plotly, 2 MB.
    """
    found = []
    for index, step in enumerate(lesson.steps):
        report("step", index, len(lesson.steps))
        found.append(_seen(step, run=run, report=report))
    report("step", len(lesson.steps), len(lesson.steps))
    charts = any(isinstance(part, Chart) for what in found for part in what.parts)
    steps = "\n".join(
        _step(number, step, what, ran=run)
        for number, (step, what) in enumerate(zip(lesson.steps, found, strict=True), 1)
    )
    stops = "".join(
        f'<a href="#step-{number}" title="{escape(step.title)}">{number}</a>'
        for number, step in enumerate(lesson.steps, 1)
    )
    scripts = f"{plotly_script()}<script>{lesson_text('charts.js')}</script>" if charts else ""
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{escape(lesson.summary)}">
<title>{escape(lesson.title)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}{lesson_text("lesson.css")}</style>
<header><h1>{escape(lesson.title)}</h1><p>{html_line(lesson.summary)}</p></header>
<nav aria-label="Steps">{stops}<a href="#all" title="The whole lesson, to read or to print">All</a></nav>
<main>
{steps}
</main>
<footer><p>Sources: {"; ".join(map(escape, lesson.sources))}.</p>
<p>Made with resviz; every number is computed or quoted from its source.</p></footer>
<script>
{element_script()}</script>
<script>
{lesson_text("lesson.js")}</script>
{scripts}
</html>
"""


def _seen(step: Step, *, run: bool, report: Report) -> Shown:
    """Return what stands beside a step at the lesson's own setting."""
    experiment, settings = EXPERIMENTS[step.experiment], Settings(step.settings)
    if run and experiment.run is not None:
        return experiment.run(settings, report)(settings)
    return experiment.show(settings)


def _step(number: int, step: Step, what: Shown, *, ran: bool) -> str:
    def written(text: str) -> str:
        return html(filled(text, what.facts))

    below = [written(step.caption)] if step.caption and what.parts else []
    below += [f"<p>{escape(said)}</p>" for said in _said(step, ran=ran)]
    asked = _question(step.question, what) if step.question else ""
    return f"""<section id="step-{number}" tabindex="-1" aria-labelledby="title-{number}">
<div class="text"><h2 id="title-{number}">{number}. {html_line(step.title)}</h2>
{written(step.text)}{asked}</div>
<div class="show">{shown_html(what, step.highlights)}<div class="below">{"".join(below)}</div></div>
</section>"""


def _question(question: Question, what: Shown) -> str:
    choices = "".join(f"<li>{html_line(filled(choice, what.facts))}</li>" for choice in question.choices)
    ways = f"<ul>{choices}</ul>" if choices else ""
    told = html(filled(solution(question, what.targets), what.facts))
    return (
        f'<div class="question"><p><b>{html_line(filled(question.ask, what.facts))}</b></p>{ways}'
        f"<details><summary>Show the answer</summary>{told}</details></div>"
    )


def _said(step: Step, *, ran: bool) -> list[str]:
    """Return what the app does at this step that a file cannot."""
    experiment, said = EXPERIMENTS[step.experiment], []
    if experiment.run is not None:
        said.append(RAN if ran else NOT_RUN)
    offers = [name for name in step.offers if ran or name not in experiment.views]
    if offers:
        named = "; ".join(_set(experiment.controls[name], step.settings[name]) for name in offers)
        said.append(f"{named}. The app lets you change {'this' if len(offers) == 1 else 'these'}.")
    return said


def _set(control: Control, value: object) -> str:
    """Return a control's label and value in words."""
    match control:
        case Choice():
            return f"{control.label}: {control.options[str(value)]}"
        case Toggle():
            return f"{control.label}: {'yes' if value else 'no'}"
        case Text():
            return f"{control.label.partition(',')[0]}: {value}"  # behind the comma is how to write it
        case Slider():
            return f"{control.label}: {value}"
