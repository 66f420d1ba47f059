"""What every entry of an open dictionary tells a person about itself, and the papers the sources cite."""

from dataclasses import dataclass

HE2015 = "He et al. 2015, arXiv:1512.03385"
HE2016 = "He et al. 2016, arXiv:1603.05027"
XIE2016 = "Xie et al. 2016, arXiv:1611.05431"
ZAGORUYKO2016 = "Zagoruyko & Komodakis 2016, arXiv:1605.07146"
HUANG2016 = "Huang et al. 2016, arXiv:1603.09382"
GOYAL2017 = "Goyal et al. 2017, arXiv:1706.02677"
HU2017 = "Hu et al. 2017, arXiv:1709.01507"
YU2017 = "Yu et al. 2017, arXiv:1705.09914"
WOO2018 = "Woo et al. 2018, arXiv:1807.06521"
WU2018 = "Wu & He 2018, arXiv:1803.08494"
HE2018 = "He et al. 2018 (bag of tricks), arXiv:1812.01187"
ZHANG2019 = "Zhang 2019, arXiv:1904.11486"
WANG2019 = "Wang et al. 2019, arXiv:1910.03151"
BELLO2021 = "Bello et al. 2021, arXiv:2103.07579"
IOFFE2015 = "Ioffe & Szegedy 2015, arXiv:1502.03167"
BA2016 = "Ba et al. 2016, arXiv:1607.06450"
ULYANOV2016 = "Ulyanov et al. 2016, arXiv:1607.08022"
MAAS2013 = "Maas et al. 2013, ICML workshop"
HENDRYCKS2016 = "Hendrycks & Gimpel 2016, arXiv:1606.08415"
RAMACHANDRAN2017 = "Ramachandran et al. 2017, arXiv:1710.05941"
MISRA2019 = "Misra 2019, arXiv:1908.08681"
CAO2019 = "Cao et al. 2019, arXiv:1904.11492"
GAO2019 = "Gao et al. 2019, arXiv:1904.01169"
LI2019 = "Li et al. 2019, arXiv:1903.06586"
ZHANG2020 = "Zhang et al. 2020, arXiv:2004.08955"
RADOSAVOVIC2020 = "Radosavovic et al. 2020, arXiv:2003.13678"
LIU2022 = "Liu et al. 2022, arXiv:2201.03545"
TOUVRON2021 = "Touvron et al. 2021, arXiv:2103.17239"
DOLLAR2021 = "Dollar et al. 2021, arXiv:2103.06877"
REDMON2018 = "Redmon & Farhadi 2018, arXiv:1804.02767"
SANDLER2018 = "Sandler et al. 2018, arXiv:1801.04381"
HAN2016 = "Han et al. 2016, arXiv:1610.02915"
DING2021 = "Ding et al. 2021, arXiv:2101.03697"
BROCK2021 = "Brock et al. 2021, arXiv:2101.08692"
KOLESNIKOV2019 = "Kolesnikov et al. 2019, arXiv:1912.11370"
QIAO2019 = "Qiao et al. 2019, arXiv:1903.10520"
RADFORD2021 = "Radford et al. 2021, arXiv:2103.00020"
SLIM = "TF-slim, resnet_v2"
D2L = "Zhang et al., Dive into Deep Learning, Sec. 8.6"
TIMM = "timm (PyTorch Image Models)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A choice a person can make: its name on screen, one sentence, its formula and its source.

    ``formula`` is text, for terminals and comments in code; ``latex`` is the same formula for where it is typeset.
    """

    label: str
    summary: str
    formula: str = ""
    latex: str = ""
    source: str
