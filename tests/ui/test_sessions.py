"""Many visitors at once, over real websockets: what one session does never shows in another."""

import asyncio

import pytest

from scripts.live import serve
from scripts.sessions import Session, visited

VISITORS = 24
CHANGES = 4
NETS = ("resnet18", "resnet34", "resnet50", "resnet101", "preact_resnet164_cifar10", "seresnet50")


async def visit(address: str, number: int) -> Session:
    """One visitor opens a network of their own and gives its first stage one depth after the other."""
    net = NETS[number % len(NETS)]
    async with Session(address, f"net={net}&v=1") as session:
        await session.run()
        for change in range(CHANGES):
            depth = 1 + (number + change) % 9
            await session.set("Blocks, conv2_x", "double_value", depth)
            assert session.exceptions == []
            assert session.query.startswith(f"net={net}"), session.query
            assert f"~depths~{depth}-" in session.query or depth == DEPTHS[net], session.query
        return session


DEPTHS = dict(zip(NETS, (2, 3, 3, 3, 18, 3), strict=True))
"""Blocks of the first stage, which the address leaves out."""


def test_many_visitors_at_once_see_their_own_network_and_no_exception() -> None:
    async def all_at_once(address: str) -> list[Session]:
        return await asyncio.gather(*(visit(address, number) for number in range(VISITORS)))

    with serve() as address:
        sessions = visited(all_at_once(address))
    assert len(sessions) == VISITORS


@pytest.mark.parametrize("page", ["compare", "published", "module", "profile", "history"])
def test_visitors_may_open_any_page_at_the_same_moment(page: str) -> None:
    async def one(address: str) -> list[str]:
        async with Session(address, "net=resnet18&v=1", page=page) as session:
            await session.run()
            return session.exceptions

    async def all_at_once(address: str) -> list[list[str]]:
        return await asyncio.gather(*(one(address) for _ in range(VISITORS)))

    with serve() as address:
        assert visited(all_at_once(address)) == [[]] * VISITORS
