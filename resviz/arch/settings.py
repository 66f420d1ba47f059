"""The fields that are numbers or switches: what each does, its formula and where it comes from.

Fields that choose an entry of an open dictionary are explained by that entry.
"""

from resviz.arch.entries import (
    DING2021,
    GAO2019,
    GOYAL2017,
    HAN2016,
    HE2015,
    HE2016,
    HU2017,
    HUANG2016,
    LI2019,
    LIU2022,
    RADOSAVOVIC2020,
    SLIM,
    TIMM,
    TOUVRON2021,
    WU2018,
    XIE2016,
    YU2017,
    ZAGORUYKO2016,
    ZHANG2020,
    Entry,
)

SETTINGS: dict[str, Entry] = {
    "stem_width": Entry(
        label="Stem width",
        summary="Output channels of the stem; left empty, the first stage's planes.",
        source=f"{ZAGORUYKO2016}, Table 1: 16, whatever the width",
    ),
    "stem_norm": Entry(
        label="BN and ReLU end the stem",
        summary=(
            "Blocks that pre-activate begin with BN and ReLU, so the stem may leave them out. Before other blocks the "
            "stem may leave out its BN alone."
        ),
        source=f"{HE2016}, Appendix",
    ),
    "stride_unit": Entry(
        label="Block that strides",
        summary="The paper halves the map in a stage's first block, TF-slim in its last.",
        source=f"{HE2015}, Table 1; {SLIM}",
    ),
    "output_stride": Entry(
        label="Output stride",
        summary="The most the map may shrink by: beyond it a stride becomes a dilation of what follows.",
        formula="stride 2 -> stride 1, dilation x 2",
        latex=r"\text{stride } 2 \to \text{stride } 1,\ \text{dilation} \times 2",
        source=f"{YU2017}, Sec. 2",
    ),
    "identity_units": Entry(
        label="Identity blocks per stage",
        summary="Blocks without weights: a deeper net that is no worse than the shallower one, by construction.",
        formula="H(x) = x",
        latex=r"H(x) = x",
        source=f"{HE2015}, Sec. 1",
    ),
    "stride_in": Entry(
        label="Stride sits in",
        summary="v1 strides in the first 1x1, which skips three positions in four; v1.5 in the 3x3, which sees all.",
        source=f"{HE2015}, Table 1 (v1); torchvision (v1.5)",
    ),
    "groups": Entry(
        label="Groups (cardinality)",
        summary="The 3x3 convolution in so many groups, each of which sees its own channels.",
        formula="9 w^2 / groups weights",
        latex=r"9\,w^2 / g\ \text{weights}",
        source=f"{XIE2016}, Sec. 3.3",
    ),
    "grouped_units": Entry(
        label="Grouped blocks",
        summary="All blocks of a stage, or every second one: two grouped convolutions in a row would not mix groups.",
        source=f"{DING2021}, Sec. 3.4",
    ),
    "width_per_group": Entry(
        label="Width per group",
        summary="Inner channels of one group where the stage has 64 planes; more planes, more in proportion.",
        formula="w = planes * width_per_group / 64 * groups",
        latex=r"w = \text{planes} \cdot \text{width per group} / 64 \cdot \text{groups}",
        source=f"{XIE2016}, Table 1; {ZAGORUYKO2016}, Sec. 3.3",
    ),
    "width_growth": Entry(
        label="Widths grow within a stage",
        summary="Planes grow from block to block up to the stage's own, by equal sums or by equal factors.",
        formula="D_k = D_{k-1} + alpha / N, or D_{k-1} * alpha^(1/N)",
        latex=r"D_k = D_{k-1} + \alpha / N\ \text{or}\ D_{k-1} \cdot \alpha^{1/N}",
        source=f"{HAN2016}, Eq. 2 and 3",
    ),
    "bottleneck_ratio": Entry(
        label="Inner width over output",
        summary="Inner width of a block as a share of its output; left empty, what the block itself has.",
        formula="w = ratio * C",
        latex=r"w = \text{ratio} \cdot C",
        source=f"{RADOSAVOVIC2020}, Sec. 3.2, whose b is its inverse",
    ),
    "kernel_size": Entry(
        label="Kernel size",
        summary="Size of a block's spatial convolutions; left empty, what the block itself has.",
        formula="k x k",
        latex=r"k \times k",
        source=f"{LIU2022}, Sec. 2.5",
    ),
    "arms": Entry(
        label="Parallel arms",
        summary="Res2Net's scale, ResNeSt's radix, the paths of a selective kernel; left empty, the block's own.",
        source=f"{GAO2019}, Sec. 3.1; {ZHANG2020}, Sec. 3; {LI2019}, Sec. 3.1",
    ),
    "layer_scale": Entry(
        label="Layer scale",
        summary="A learnt factor for each channel at the end of a branch, which starts at this value.",
        formula="x + diag(lambda) F(x)",
        latex=r"x + \mathrm{diag}(\lambda)\,F(x)",
        source=f"{TOUVRON2021}, Eq. 4",
    ),
    "head_width": Entry(
        label="Head width",
        summary="Channels of a 1x1 convolution before the pool (none where empty), or inside another head.",
        source=f"{TIMM}, resnet33ts",
    ),
    "attention_ratio": Entry(
        label="Attention ratio",
        summary="Inner width of the attention unit as a share of its channels: 1 / r.",
        formula="C * ratio",
        latex=r"C \cdot \text{ratio}",
        source=f"{HU2017}, Sec. 3.2",
    ),
    "attention_divisor": Entry(
        label="Round the inner width to",
        summary="The paper takes C / r as it is; timm rounds SE's to a multiple of 8.",
        source=f"{HU2017}; {TIMM}",
    ),
    "dropout": Entry(
        label="Dropout in the branch",
        summary="Dropout before every convolution of the branch but the first.",
        formula="W2 dropout(ReLU(BN(W1 x)))",
        latex=r"W_2\,\mathrm{dropout}(\mathrm{ReLU}(\mathrm{BN}(W_1\,x)))",
        source=f"{ZAGORUYKO2016}, Sec. 2.4",
    ),
    "drop_path_rate": Entry(
        label="Stochastic depth",
        summary="Training drops whole branches, later ones more often; the skip stays. The rate is that of the last.",
        formula="p_l = rate * l / (L - 1)",
        latex=r"p_l = \text{rate} \cdot \frac{l}{L - 1}",
        source=f"{HUANG2016}, Eq. 4",
    ),
    "zero_init_last": Entry(
        label="Start the last gamma at zero",
        summary="Every block starts as the identity.",
        formula="gamma = 0, so F(x) = 0",
        latex=r"\gamma = 0,\ \text{so } F(x) = 0",
        source=f"{GOYAL2017}, Sec. 5.1",
    ),
    "projection_norm": Entry(
        label="BN on projections",
        summary="Automatic: yes, but not in full pre-activation, where nothing should touch the skip.",
        source=f"{HE2016}, Sec. 4",
    ),
    "skip_scale": Entry(
        label="Factor of the skip",
        summary="What the skip is multiplied by; below 1 the signal fades with depth.",
        formula="prod of s over the blocks",
        latex=r"\prod_l s_l\ \text{over the blocks}",
        source=f"{HE2016}, Eq. 6 and Table 1",
    ),
    "branch_scale": Entry(
        label="Factor of the branch", summary="What the branch is multiplied by.", source=f"{HE2016}, Table 1"
    ),
    "gate_bias_init": Entry(
        label="Initial bias of the gate",
        summary="The more negative, the nearer 1 - g is to 1, and the skip to the identity.",
        formula="g(x) = sigmoid(W x + b)",
        latex=r"g(x) = \sigma(W x + b)",
        source=f"{HE2016}, Sec. 3.1",
    ),
    "skip_dropout": Entry(
        label="Dropout on the skip", summary="The probability of losing an element.", source=f"{HE2016}, Sec. 3.1: 0.5"
    ),
    "norm_groups": Entry(
        label="Groups of the norm",
        summary="32 in the paper; a layer with fewer common factors takes their largest.",
        source=f"{WU2018}, Sec. 4",
    ),
    "classifier": Entry(
        label="Classifier",
        summary="The same weights either way: a linear layer, or a 1x1 convolution on the pooled map.",
        source=f"{HE2015}, Table 1; {SLIM}",
    ),
    "num_classes": Entry(label="Classes", summary="Outputs of the classifier.", source=f"{HE2015}, Table 1: 1000"),
}
"""What the fields that no dictionary explains do."""
