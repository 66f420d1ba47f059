"""The open dictionary of orders: where BN, ReLU and weight stand in a unit (He et al. 2016, Fig. 4).

Steps are letters: w weight (a convolution), n normalisation, a activation. In every order the
convolutions of a branch but the last are followed by n and a; the orders differ in what comes before the
first, with and after the last, and after the addition.
"""

from dataclasses import dataclass

from resviz.arch.entries import HE2015, HE2016, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Entry):
    """An order as data: the steps of ``pre``, those after the branch's last weight, those of ``post``.

    ``head`` is what the classifier's input still needs; units that pre-activate leave it undone.
    """

    pre: str = ""
    last: str = ""
    post: str = ""

    @property
    def head(self) -> str:
        """The steps that stand before the head's pooling: those a next unit would have begun with."""
        return self.pre


ORDERS = {
    "original": Order(
        label="Original",
        summary="Weight, BN, ReLU; the last ReLU follows the addition.",
        source=f"{HE2015}, Fig. 2; {HE2016}, Fig. 4a",
        last="n",
        post="a",
    ),
    "bn_after_add": Order(
        label="BN after addition",
        summary="The last BN moves behind the addition and so changes the signal on the skip.",
        source=f"{HE2016}, Fig. 4b",
        post="na",
    ),
    "relu_before_add": Order(
        label="ReLU before addition",
        summary="The last ReLU moves before the addition: the branch can only add.",
        source=f"{HE2016}, Fig. 4c",
        last="na",
    ),
    "relu_only_preact": Order(
        label="ReLU-only pre-activation",
        summary="The ReLU moves before the first weight; BN stays behind the weights.",
        source=f"{HE2016}, Fig. 4d",
        pre="a",
        last="n",
    ),
    "full_preact": Order(
        label="Full pre-activation",
        summary="BN and ReLU come before each weight; nothing touches the skip.",
        source=f"{HE2016}, Fig. 4e",
        pre="na",
    ),
}
