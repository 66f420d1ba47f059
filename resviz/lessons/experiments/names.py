"""What lessons call the nets that they show and that their readers choose among."""

import re

RESNETS = {
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "resnet50": "ResNet-50",
    "resnet101": "ResNet-101",
    "resnet152": "ResNet-152",
}
"""The nets of He et al. 2015, Table 1."""
_FORMS = (
    (r"resnet(\d+)(?:_cifar10)?", r"ResNet-\1"),
    (r"resnet(\d+)_v1", r"ResNet-\1 (v1)"),
    (r"resnet(\d+)_option_([ac])", r"ResNet-\1 with option \2"),
    (r"plain(\d+)(?:_cifar10)?", r"plain-\1"),
    (r"wrn(\d+)_(\d+)_cifar10", r"WRN-\1-\2"),
    (r"seresnext(\d+)_(\d+x\d+d)", r"SE-ResNeXt-\1, \2"),
)


def called(name: str) -> str:
    """Return what a sentence calls a network of a name: its paper's name for a preset, else the name itself."""
    for form, words in _FORMS:
        if found := re.fullmatch(form, name):
            return re.sub(r"option [ac]", lambda option: option[0][:-1] + option[0][-1].upper(), found.expand(words))
    return name
