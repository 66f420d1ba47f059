import pytest

from resviz.errors import ProtocolError
from resviz.profiling.protocol import PROTOCOL_SENTENCES, PROTOCOLS, Protocol, default_protocol


def test_the_lessons_protocol_is_ten_and_a_hundred_steps_of_thirty_two() -> None:
    slim = PROTOCOLS["slim"]
    assert (slim.warmup, slim.steps, slim.batch, slim.precision) == (10, 100, 32, "fp32")


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_protocol_knows_its_name_and_says_what_it_is_for(name: str) -> None:
    assert PROTOCOLS[name].name == name
    assert PROTOCOL_SENTENCES[name].endswith(".")


def test_a_description_says_everything_that_moves_the_time() -> None:
    protocol = Protocol(
        warmup=3, steps=7, batch=5, precision="bf16_autocast", channels_last=True, fold_bn=True, threads=2
    )
    assert protocol.describe() == (
        "3 warm-up and 7 timed steps, batch 5, BF16 by autocast, NHWC (channels_last), eager, batch norm folded, "
        "2 threads"
    )


def test_another_batch_keeps_the_name_and_any_other_change_makes_it_custom() -> None:
    assert PROTOCOLS["slim"].with_(batch=8).name == "slim"
    assert PROTOCOLS["slim"].with_(steps=50).name == "custom"
    assert PROTOCOLS["slim"].with_(steps=100).name == "slim"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"steps": 0}, "steps 0 is not possible: input should be greater than or equal to 1."),
        ({"precision": "int8"}, "precision 'int8' is not possible"),
        ({"speed": 9}, "speed is not a field that is known here."),
    ],
)
def test_what_cannot_be_is_a_sentence_that_names_the_field(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(ProtocolError) as error:
        Protocol(**fields)  # type: ignore[arg-type]
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("fields", "device"),
    [
        ({"cuda_graph": True}, "cpu"),
        ({"cuda_graph": True, "compiled": True}, "cuda"),
        ({"precision": "tf32"}, "mps"),
        ({"threads": 2}, "cuda"),
    ],
)
def test_a_device_refuses_what_it_cannot_do(fields: dict[str, object], device: str) -> None:
    with pytest.raises(ProtocolError, match=next(iter(fields))):
        Protocol(**fields).check(device)  # type: ignore[arg-type]


def test_a_cpu_starts_with_the_quick_protocol_and_an_accelerator_with_the_lessons() -> None:
    assert default_protocol("cpu").name == "quick"
    assert default_protocol("cuda").name == "slim"
