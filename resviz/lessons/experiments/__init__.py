"""The open dictionary of experiments: what a step of a lesson may show or run, by name."""

from resviz.lessons.experiment import Experiment
from resviz.lessons.experiments import costs, nets, pictures, slim

EXPERIMENTS: dict[str, Experiment] = {
    **pictures.EXPERIMENTS,
    **costs.EXPERIMENTS,
    **nets.EXPERIMENTS,
    **slim.EXPERIMENTS,
}
"""Experiments by name; an entry holds its behaviour."""
