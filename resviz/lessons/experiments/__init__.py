"""The open dictionary of experiments: what a step of a lesson may show or run, by name."""

from resviz.lessons.experiment import Experiment
from resviz.lessons.experiments import costs, field, live, nets, paths, pictures, slim, trained

EXPERIMENTS: dict[str, Experiment] = {
    **pictures.EXPERIMENTS,
    **costs.EXPERIMENTS,
    **nets.EXPERIMENTS,
    **slim.EXPERIMENTS,
    **live.EXPERIMENTS,
    **paths.EXPERIMENTS,
    **field.EXPERIMENTS,
    **trained.EXPERIMENTS,
}
"""Experiments by name; an entry holds its behaviour."""
