"""How a measurement is made: the whole procedure as data, printed with every result.

A time without its protocol cannot be compared with another, so everything that moves it stands here:
repetitions, batch, precision, memory layout, and what was done to the module before it ran.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator

from resviz.arch.validation_messages import sentences
from resviz.errors import ProtocolError

MAX_BATCH = 65_536
"""Images in one step."""


@dataclass(frozen=True, slots=True)
class Precision:
    """A number format of the forward pass: torch's dtype, whether autocast chooses it op by op."""

    label: str
    dtype: str
    autocast: bool = False
    tf32: bool = False

    @property
    def bytes(self) -> int:
        """Bytes of one stored number of weights and activations (autocast keeps weights in fp32)."""
        return 4 if self.dtype == "float32" else 2


PrecisionName = Literal["fp32", "tf32", "fp16", "bf16", "fp16_autocast", "bf16_autocast"]

PRECISIONS: dict[PrecisionName, Precision] = {
    "fp32": Precision("FP32 (IEEE)", "float32"),
    "tf32": Precision("TF32: FP32 in memory, 10-bit mantissa in tensor cores", "float32", tf32=True),
    "fp16": Precision("FP16, weights converted", "float16"),
    "bf16": Precision("BF16, weights converted", "bfloat16"),
    "fp16_autocast": Precision("FP16 by autocast", "float16", autocast=True),
    "bf16_autocast": Precision("BF16 by autocast", "bfloat16", autocast=True),
}

StepName = Literal["forward", "train"]

STEPS: dict[str, str] = {"forward": "forward pass", "train": "training step"}
"""What one timed step is, in words."""


class Protocol(BaseModel):
    """A procedure for measuring a forward pass or a training step. Raises ProtocolError for an impossible one.

    Always: random weights and inputs made on the device (their values do not change the time), convolution
    algorithms chosen by trial (cuDNN autotune), Python's collector paused. A forward pass runs in `eval()` and
    `inference_mode`; a training step as `resviz.profiling.training_step` says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: Annotated[str, Field(min_length=1, max_length=40)] = "custom"
    """What it is called; a changed preset is `custom`."""
    warmup: Annotated[int, Field(ge=0, le=10_000)] = 10
    """Untimed steps before the first timed one."""
    steps: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Timed steps, each one sample."""
    batch: Annotated[int, Field(ge=1, le=MAX_BATCH)] = 32
    """Images in one step."""
    step: StepName = "forward"
    """What a step is: `forward`, or `train` for forward, loss, backward and SGD."""
    precision: PrecisionName = "fp32"
    """Number format."""
    channels_last: bool = False
    """Whether activations are stored NHWC."""
    compiled: bool = False
    """Whether `torch.compile` builds the module."""
    cuda_graph: bool = False
    """Whether a step replays a captured CUDA graph."""
    fold_bn: bool = False
    """Whether each batch norm behind a convolution is folded into its weights."""
    threads: Annotated[int, Field(ge=1, le=4096)] | None = None
    """CPU threads of one operation; None leaves torch's own number."""

    @model_validator(mode="wrap")
    @classmethod
    def _speak_plainly(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise ProtocolError(f"This protocol is not possible. {sentences(error)}") from None

    def with_(self, /, **changes: Any) -> "Protocol":
        """Return this protocol with fields changed; it is `custom` where that left the preset.

        Another batch or step stays under the name: a sweep varies the one, and the rules hold for either step.
        """
        changed = Protocol(**{**self.model_dump(), **changes})
        kept = "name" in changes or changed.model_copy(update={"batch": self.batch, "step": self.step}) == self
        return changed if kept else changed.model_copy(update={"name": "custom"})

    def check(self, device_type: str) -> None:
        """Raise ProtocolError where a device of a type (`cpu`, `cuda`, `mps`, …) cannot follow it."""
        if self.step == "train" and self.fold_bn:
            raise ProtocolError("fold_bn true leaves no batch norm to train; set it to false, or step to forward.")
        if self.step == "train" and self.cuda_graph:
            raise ProtocolError("cuda_graph true captures a forward pass only; set it to false, or step to forward.")
        if self.cuda_graph and device_type != "cuda":
            raise ProtocolError(f"cuda_graph true needs a CUDA or ROCm device, not {device_type}; set it to false.")
        if self.cuda_graph and self.compiled:
            raise ProtocolError("cuda_graph true and compiled true capture the module twice; set one to false.")
        if self.precision == "tf32" and device_type != "cuda":
            raise ProtocolError(f"precision 'tf32' needs an NVIDIA GPU, not {device_type}; take fp32 or bf16.")
        if self.threads is not None and device_type != "cpu":
            raise ProtocolError(f"threads {self.threads} matters on the CPU only, not on {device_type}; leave it out.")

    def describe(self) -> str:
        """Return the protocol as one line, in the order in which it happens."""
        done = ["training step"] if self.step == "train" else []
        done += [
            f"{self.warmup} warm-up and {self.steps} timed steps",
            f"batch {self.batch}",
            PRECISIONS[self.precision].label,
            "NHWC (channels_last)" if self.channels_last else "NCHW",
            "torch.compile" if self.compiled else "eager",
        ]
        done += ["CUDA graph"] if self.cuda_graph else []
        done += ["batch norm folded"] if self.fold_bn else []
        done += [f"{self.threads} threads"] if self.threads else []
        return ", ".join(done)


PROTOCOLS: dict[str, Protocol] = {
    "quick": Protocol(name="quick", warmup=3, steps=20, batch=1),
    "slim": Protocol(name="slim", warmup=10, steps=100, batch=32),
    "latency": Protocol(name="latency", warmup=20, steps=200, batch=1),
    "throughput": Protocol(
        name="throughput", warmup=20, steps=100, batch=256, precision="bf16_autocast", channels_last=True
    ),
}
"""The named protocols."""

PROTOCOL_SENTENCES = {
    "quick": "A first look, short enough for a CPU.",
    "slim": "The TF-slim lesson's: 10 warm-up and 100 timed steps of batch 32.",
    "latency": "One image at a time, eager, FP32.",
    "throughput": "Large batches in BF16 and NHWC: what tensor cores are made for.",
    "custom": "Set by hand.",
}
"""One sentence about each."""


def default_protocol(device_type: str) -> Protocol:
    """Return the protocol for a device type when a person names none: the lesson's, or quick on a CPU."""
    return PROTOCOLS["quick" if device_type == "cpu" else "slim"]
