"""The open dictionary of orders: where BN, ReLU and weight stand in a unit (He et al. 2016, Fig. 4).

Steps are letters: w weight (a convolution), n normalisation, a activation. The orders differ in what
comes before the first convolution of a branch, between two, after the last, and after the addition.
"""

from dataclasses import dataclass

from resviz.arch.entries import HAN2016, HE2015, HE2016, LIU2022, SANDLER2018, TIMM, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Entry):
    """An order as data: the steps of ``pre``, between two weights, after the last, and of ``post``.

    ``stem`` is what follows the stem's last convolution, ``head`` what stands before the head's pool,
    ``pooled`` what stands behind it. One ``for_own_steps`` also goes with blocks that place their steps themselves.
    """

    pre: str = ""
    inner: str = "na"
    last: str = ""
    post: str = ""
    stem: str = "na"
    head: str = ""
    pooled: str = ""
    for_own_steps: bool = False


ORDERS = {
    "original": Order(
        label="Original",
        summary="Weight, BN, ReLU; the last ReLU follows the addition.",
        source=f"{HE2015}, Fig. 2; {HE2016}, Fig. 4a",
        last="n",
        post="a",
        for_own_steps=True,
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
        stem="n",
        head="a",
    ),
    "full_preact": Order(
        label="Full pre-activation",
        summary="BN and ReLU come before each weight; nothing touches the skip.",
        source=f"{HE2016}, Fig. 4e",
        pre="na",
        stem="",
        head="na",
    ),
    "pyramid": Order(
        label="Pre-activation without the first ReLU",
        summary="BN before the first weight and after the last; one ReLU fewer than full pre-activation.",
        formula="x + BN(W2 ReLU(BN(W1 BN(x))))",
        latex=r"x + \mathrm{BN}(W_2\,\mathrm{ReLU}(\mathrm{BN}(W_1\,\mathrm{BN}(x))))",
        source=f"{HAN2016}, Sec. 2.4, Fig. 6d",
        pre="n",
        last="n",
        stem="n",
        head="na",
    ),
    "linear": Order(
        label="Nothing after the addition",
        summary="As original, but no ReLU follows the addition: one stands before the head's pool.",
        formula="x + BN(W2 ReLU(BN(W1 x)))",
        latex=r"x + \mathrm{BN}(W_2\,\mathrm{ReLU}(\mathrm{BN}(W_1\,x)))",
        source=f"{SANDLER2018}, Sec. 3.2 (linear bottlenecks)",
        last="n",
        head="a",
    ),
    "branch_only": Order(
        label="Only in the branch",
        summary="Nothing follows the addition and nothing precedes the branch; a last norm stands behind the pool.",
        formula="x + W3 GELU(W2 LN(W1 x))",
        latex=r"x + W_3\,\mathrm{GELU}(W_2\,\mathrm{LN}(W_1\,x))",
        source=f"{LIU2022}, Fig. 4",
        stem="n",
        pooled="n",
        for_own_steps=True,
    ),
    "branch_only_head": Order(
        label="Only in the branch, norm before the pool",
        summary="As only in the branch, but the last norm stands before the head's pool.",
        formula="x + W3 GELU(W2 LN(W1 x))",
        latex=r"x + W_3\,\mathrm{GELU}(W_2\,\mathrm{LN}(W_1\,x))",
        source=f"{TIMM}, convnext_tiny_hnf",
        stem="n",
        head="n",
        for_own_steps=True,
    ),
}
