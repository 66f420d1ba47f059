"""The class of a network's blocks, written once for all of them."""

from collections.abc import Iterable, Sequence

from resviz.arch import ops as o
from resviz.arch.tree import Add, Block, Gate, GatedAdd, Layer, Node, ScaledAdd, Skip, leaves
from resviz.nn.fitting import Fit
from resviz.nn.lines import Step, compose, indent, module, sequential

NAMES = {(3, 3): "BasicBlock", (1, 3, 1): "Bottleneck"}
"""The papers' names of a branch's kernels."""
ATTENTION = {"se": "SqueezeExcite", "eca": "EfficientChannel", "cbam": "CBAM"}


def class_name(block: Block) -> str:
    """Return what the class of a block is called."""
    kernels = tuple(op.kernel_size for op in block.weighted)
    return NAMES.get(kernels, "Block") if block.merge else "PlainBlock"


def block_class(fit: Fit, name: str) -> str:
    """Return the class; ``fit`` then knows the arguments that a call takes."""
    pre, branch, post = (_union(fit.blocks, part) for part in ("pre", "branch", "post"))
    lines = Lines(fit)
    lines.chain(pre, last=False)
    lines.chain(branch)
    _skip_lines(fit, lines, preactivates=bool(pre))
    lines.gate()
    lines.chain(post)
    head = [f"out_channels = {fit.ratio} * width"] if fit.ratio > 1 else []
    drops = ", drop_path=0.0" if any(isinstance(layer.op, o.DropPath) for layer in leaves(branch)) else ""
    forward = _forward(fit, pre, branch, post)
    return "\n".join(
        [
            f"class {name}(nn.Module):",
            f'    """{_words(fit.blocks[0])}"""',
            "",
            f"    def __init__(self, {fit.signature()}{drops}):",
            *indent(["super().__init__()", *head, *lines.init]),
            "",
            "    def forward(self, x):",
            *indent(forward),
        ]
    )


class Lines:
    """Declares layers one after another and knows the channels that the next one takes."""

    def __init__(self, fit: Fit) -> None:
        self.fit, self.init = fit, list[str]()
        self.channels = "in_channels"

    def chain(self, nodes: Sequence[Node], *, last: bool = True) -> None:
        """Declare the layers of a chain that have a module; ``last`` says that the last is the block's output."""
        convs = [node.name for node in nodes if isinstance(node, Layer) and node.kind is o.Kind.CONV]
        for node in nodes:
            if isinstance(node, Gate):
                self.attention(node)
            elif not isinstance(node.op, o.Activation):
                made = self.made(node, last=last and node.name == (convs or [""])[-1])
                self.init.append(f"self.{node.name} = {made}")

    def made(self, layer: Layer, *, last: bool) -> str:
        """Return the expression that makes a layer, an identity where a block has none."""
        text = self.symbolic(layer, last=last)
        condition = self.fit.present(layer.name)
        return f"{text} if {condition} else nn.Identity()" if condition else text

    def attention(self, gate: Gate) -> None:
        """Declare an attention unit; CBAM's two gates are one."""
        unit, fit = gate.name.split(".")[0], self.fit
        if gate.name == "cbam.spatial":
            return
        inner = f"{gate.name}.conv" if unit == "eca" else f"{gate.name}.fc1"
        if unit == "eca":
            arguments = fit.number(inner, "kernel_size")
        else:
            arguments = f"{self.channels}, {fit.squeezed(inner, self.channels)}"
        self.init.append(f"self.{unit} = {ATTENTION[unit]}({arguments})")

    def gate(self) -> None:
        """Declare the learnt gate of a gated merge, which takes the block's input."""
        for layer in self.fit.blocks[0].gate[:1]:
            after, self.channels = self.channels, "in_channels"
            self.init.append(f"gate = {self.symbolic(layer, last=True)}")
            self.init.append("self.gate = nn.Sequential(OrderedDict(conv=gate))")
            self.channels = after

    def symbolic(self, layer: Layer, *, last: bool) -> str:
        """Return the expression that makes a layer in terms of the arguments; ``last`` as in `chain`."""
        fit, name, given = self.fit, layer.name, self.channels
        match layer.op:
            case o.Conv2d(bias=bias):
                self.channels = fit.channels(name, last=last)
                options = {
                    each: fit.number(name, each) for each in ("kernel_size", "stride", "padding", "dilation", "groups")
                }
                plain = {"stride": "1", "padding": "0", "dilation": "1", "groups": "1"}
                kernel = options.pop("kernel_size")
                shown = [kernel, *(f"{key}={value}" for key, value in options.items() if value != plain[key])]
                shown += [] if bias else ["bias=False"]
                return f"nn.Conv2d({given}, {self.channels}, {', '.join(shown)})"
            case o.BatchNorm2d():
                return f"nn.BatchNorm2d({given})"
            case o.GroupNorm():
                return f"nn.GroupNorm({fit.groups(name, given)}, {given})"
            case o.AvgPool2d(ceil_mode=ceil_mode):
                stride = fit.number(name, "stride")
                if any(getattr(layers[name].op, "same", False) for layers in fit.layers if name in layers):
                    return f"DilatedAvgPool2d({fit.number(name, 'kernel_size')}, stride={stride})"
                cut = ", ceil_mode=True, count_include_pad=False" if ceil_mode else ""
                return f"nn.AvgPool2d({stride}, stride={stride}{cut})"
            case o.MaxPool2d():
                return f"nn.MaxPool2d({fit.number(name, 'kernel_size')}, stride={fit.number(name, 'stride')})"
            case o.BlurPool2d():
                return f"BlurPool2d({given}, stride={fit.number(name, 'stride')})"
            case o.SubsamplePad():
                self.channels = "out_channels"
                return f"SubsamplePad(out_channels - {given}, stride={fit.number(name, 'stride')})"
            case o.DropPath():
                return "DropPath(drop_path)"
            case _:
                return module(layer.op)


def _skip_lines(fit: Fit, lines: Lines, *, preactivates: bool) -> None:
    """Declare what changes the skip: ``downsample``, and ``pool`` where some blocks project and others pool."""
    changing = _changing(fit.blocks)
    for name, blocks in changing.items():
        after, lines.channels = lines.channels, "in_channels"
        layers = _reshaping(blocks)
        condition = fit.where({i: block in blocks for i, block in enumerate(fit.blocks)}, f"has_{name}")
        target, made = f"self.{name}", {layer.name: _made(lines, layer, blocks) for layer in layers}
        declared = sequential(target, made) if "." in layers[0].name else [f"{target} = {made[layers[0].name]}"]
        if condition:
            optional = name == "downsample" and ((preactivates and blocks[0].taps_pre) or "pool" in changing)
            spare = "None" if optional else "nn.Identity()"
            declared = [f"{target} = {spare}", f"if {condition}:", *indent(declared, 1)]
        lines.init += declared
        lines.channels = after


def _made(lines: Lines, layer: Layer, blocks: Sequence[Block]) -> str:
    condition = lines.fit.present(layer.name, blocks)
    text = lines.symbolic(layer, last=True)
    return f"{text} if {condition} else nn.Identity()" if condition else text


def _changing(blocks: Sequence[Block]) -> dict[str, list[Block]]:
    """Return the blocks whose skip is changed, by the attribute that does it."""
    changed = [block for block in blocks if block.shortcut and block.skip is not Skip.IDENTITY]
    projected = [block for block in changed if block.skip is Skip.PROJECTION]
    others = [block for block in changed if block.skip is not Skip.PROJECTION]
    found = {"downsample": projected or others, "pool": others if projected else []}
    return {name: blocks for name, blocks in found.items() if blocks}


def _reshaping(blocks: Sequence[Block]) -> list[Layer]:
    layers = {layer.name: layer for block in blocks for layer in leaves(block.shortcut or ())}
    return sorted((each for name, each in layers.items() if name.startswith("downsample")), key=lambda each: each.name)


def _union(blocks: Iterable[Block], part: str) -> tuple[Node, ...]:
    """Return the longest of the blocks' chains of a part, which has whatever the shorter ones have."""
    return max((getattr(block, part) for block in blocks), key=len)


def _steps(nodes: Iterable[Node]) -> list[Step]:
    steps: dict[str, Step] = {}
    for node in nodes:
        name = node.name.split(".")[0]
        functional = isinstance(node, Layer) and isinstance(node.op, o.Activation)
        steps[name] = Step.of(node.op) if functional and isinstance(node, Layer) else Step(f"self.{name}({{}})")
    return list(steps.values())


def _forward(fit: Fit, pre: Sequence[Node], branch: Sequence[Node], post: Sequence[Node]) -> list[str]:
    block = fit.blocks[0]
    lines, start = compose(_steps(pre), "x", "out")
    if pre:
        lines, start = [*lines, f"out = {start}"], "out"
    skip, skips = _skip(fit, start)
    lines += skips if pre else []
    more, out = compose(_steps(branch), start, "out")
    lines += more
    if block.merge is None:
        ending, result = compose(_steps(post), out, "out")
        return [*lines, *ending, f"return {result}"]
    lines.append(f"out = {out}")
    lines += [] if pre else skips
    match block.merge:
        case Add():
            met = f"out + {skip}"
        case ScaledAdd(skip=a, branch=b):
            met = f"{a!r} * {skip} + {b!r} * out"
        case GatedAdd(exclusive=exclusive):
            lines.append("gate = torch.sigmoid(self.gate(x))")
            met = f"(1 - gate) * {skip} + {'gate * out' if exclusive else 'out'}"
    ending, result = compose(_steps(post), met, "out")
    return [*lines, *ending, f"return {result}"]


def _skip(fit: Fit, start: str) -> tuple[str, list[str]]:
    """Return the skip's name and the lines that make it; ``start`` is what the branch starts from."""
    changing = _changing(fit.blocks)
    rate = next(
        (leaf.op.p for b in fit.blocks for leaf in leaves(b.shortcut or ()) if isinstance(leaf.op, o.Dropout)), 0
    )
    name, lines = "x", list[str]()
    if changing:
        name, blocks = "skip", changing["downsample"]
        tapped = start if blocks[0].taps_pre else "x"
        other = "self.pool(x)" if "pool" in changing else "x"
        everywhere = len(blocks) == len(fit.blocks)
        optional = (blocks[0].taps_pre and not everywhere) or "pool" in changing
        projected = f"self.downsample({tapped})"
        lines = [f"skip = {other} if self.downsample is None else {projected}" if optional else f"skip = {projected}"]
    if rate:
        lines.append(f"skip = F.dropout({name}, {rate!r}, self.training)")
        name = "skip"
    return name, lines


def _words(block: Block) -> str:
    kernels = ", ".join(f"{op.kernel_size}x{op.kernel_size}" for op in block.weighted)
    what = f"Convolution {kernels}" if len(block.weighted) == 1 else f"Convolutions {kernels}"
    return f"{what}{'' if block.merge else ', without a shortcut'}."
