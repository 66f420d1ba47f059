"""Where each table of printed figures comes from, in the order in which they are shown."""

from dataclasses import dataclass

from resviz.arch.entries import HE2015, HE2016, HU2017, XIE2016, ZAGORUYKO2016


@dataclass(frozen=True, slots=True)
class Source:
    """A printed table: its title, its paper's short name, the family its nets are charted under, the source."""

    title: str
    paper: str
    family: str
    source: str
    summary: str = ""


_FAIL = '"fail" is the paper\'s word for an error above 20 %.'
_ONE = "The paper looks at nets of about equal cost and prints one rounded figure for each group."

SOURCES = {
    "he2015_table1": Source(
        "Table 1: the ImageNet nets and their FLOPs",
        "He et al. 2015",
        "ResNet",
        f"{HE2015}, Table 1",
        "FLOPs are the paper's word for multiply-adds, our MACs.",
    ),
    "he2015_table2": Source(
        "Table 2: plain nets against residual nets", "He et al. 2015", "ResNet", f"{HE2015}, Table 2"
    ),
    "he2015_table3": Source(
        "Table 3: options A, B and C, and deeper nets", "He et al. 2015", "ResNet", f"{HE2015}, Table 3"
    ),
    "he2015_table4": Source("Table 4: single models", "He et al. 2015", "ResNet", f"{HE2015}, Table 4"),
    "he2015_table5": Source("Table 5: the ensemble", "He et al. 2015", "ResNet", f"{HE2015}, Table 5"),
    "he2015_table6": Source(
        "Table 6: the CIFAR-10 nets and their parameters", "He et al. 2015", "CIFAR ResNet", f"{HE2015}, Table 6"
    ),
    "he2015_models": Source(
        "The authors' released models",
        "He et al. 2015",
        "ResNet",
        "KaimingHe/deep-residual-networks, README",
    ),
    "he2016_table1": Source(
        "Table 1: what the shortcut does to its signal",
        "He et al. 2016",
        "CIFAR ResNet",
        f"{HE2016}, Table 1",
        _FAIL,
    ),
    "he2016_table2": Source(
        "Table 2: the order of BN, ReLU and weight", "He et al. 2016", "CIFAR ResNet", f"{HE2016}, Table 2"
    ),
    "he2016_table3": Source(
        "Table 3: original unit against full pre-activation",
        "He et al. 2016",
        "CIFAR ResNet",
        f"{HE2016}, Table 3",
    ),
    "he2016_table4": Source(
        "Table 4: parameters and errors on CIFAR", "He et al. 2016", "CIFAR ResNet", f"{HE2016}, Table 4"
    ),
    "he2016_table5": Source(
        "Table 5: ImageNet, ResNet-152 and ResNet-200",
        "He et al. 2016",
        "ResNet",
        f"{HE2016}, Table 5",
        "Trained on 224 pixels; each net is computed at the size it was tested on.",
    ),
    "wrn_table2": Source("Table 2: which convolutions a block has", "WRN", "WRN", f"{ZAGORUYKO2016}, Table 2 (blocks)"),
    "wrn_table3": Source(
        "Table 3: how many convolutions a block has", "WRN", "WRN", f"{ZAGORUYKO2016}, Table 3 (deepening factor)"
    ),
    "wrn_table4": Source("Table 4: width against depth", "WRN", "WRN", f"{ZAGORUYKO2016}, Table 4 (width)"),
    "wrn_table5": Source("Table 5: against other nets", "WRN", "WRN", f"{ZAGORUYKO2016}, Table 5"),
    "wrn_table6": Source("Table 6: dropout", "WRN", "WRN", f"{ZAGORUYKO2016}, Table 6 (dropout)"),
    "wrn_overall": Source(
        "The best single runs",
        "WRN",
        "WRN",
        f"{ZAGORUYKO2016}, overall results; szagoruyko/wide-residual-networks, README",
    ),
    "wrn_models": Source("ImageNet models", "WRN", "WRN", "szagoruyko/wide-residual-networks, pretrained/README"),
    "resnext_table3": Source(
        "Table 3: cardinality at equal cost",
        "ResNeXt",
        "ResNeXt",
        f"{XIE2016}, Table 3 and Fig. 5; facebookresearch/ResNeXt, README",
        _ONE,
    ),
    "resnext_table4": Source(
        "Table 4: twice the cost, spent in different ways",
        "ResNeXt",
        "ResNeXt",
        f"{XIE2016}, Table 4",
        _ONE,
    ),
    "resnext_models": Source("A released model", "ResNeXt", "ResNeXt", "facebookresearch/ResNeXt, README"),
    "resnext_no_shortcut": Source("Without shortcuts", "ResNeXt", "ResNeXt", f"{XIE2016}, Sec. 5.1, table in the text"),
    "resnext_table7": Source("Table 7: CIFAR", "ResNeXt", "ResNeXt", f"{XIE2016}, Table 7"),
    "senet_table2": Source(
        "Table 2: ResNet-50 with and without SE", "SE", "SE-ResNet", f"{HU2017} (journal version), Table 2"
    ),
    "senet_models": Source("Released models", "SE", "SE-ResNet", "hujie-frank/SENet, README, Table 1"),
    "slim": Source("Released models", "TF-slim", "TF-slim", "TF-slim, README"),
    "torchvision": Source(
        "Released weights",
        "torchvision",
        "torchvision",
        "torchvision 0.29.1, the weights' own metadata",
        "V2 weights are the same nets, trained by a longer recipe.",
    ),
}
