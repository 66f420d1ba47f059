"""A trained net as a module: from the weights that are kept, else trained anew, which gives the same."""

from resviz.arch import ResNetConfig
from resviz.nn import build
from resviz.nn.modules import ResNet
from resviz.progress import Report, silent
from resviz.training.experiment import Experiment
from resviz.training.loop import one_thread, train_net
from resviz.training.weights import kept


def trained(net: ResNetConfig, experiment: Experiment, seed: int, *, report: Report = silent) -> ResNet:
    """Return a module of its own, in `eval` mode, with what a net learns from a seed by an experiment's settings.

    ``report`` hears of the steps where it is trained now, and may raise Stopped.
    """

    def tell(step: int) -> None:
        report(f"training {net.name}, step", step, experiment.steps)

    state = kept(net, experiment, seed)
    if state is None:
        with one_thread():
            train_net(net, experiment, seed, tell=tell)
        state = kept(net, experiment, seed)
        assert state is not None
    module = build(net, device="cpu", seed=seed)
    module.load_state_dict(state)
    return module.eval()
