"""What lessons call the nets that their readers choose among."""

RESNETS = {
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "resnet50": "ResNet-50",
    "resnet101": "ResNet-101",
    "resnet152": "ResNet-152",
}
"""The nets of He et al. 2015, Table 1."""
