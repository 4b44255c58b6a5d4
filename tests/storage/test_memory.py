"""What a process remembers of chains: the most of each, the latest used of all."""

from uuid import uuid4

from letters.rules.case.history import CaseHistory
from letters.storage.memory import MAC, NO_GENERATION, KnownChain, Memory, VerifiedChain
from letters.storage.state_file import Head

ONE, OTHER = (KnownChain(uuid4(), 1, b"key") for _ in range(2))


def verified(length: int) -> VerifiedChain:
    return VerifiedChain(b"".join(bytes([number]) * MAC for number in range(1, length + 1)), 0,
                    CaseHistory())


def test_it_knows_every_head_that_the_chain_had() -> None:
    known = verified(3)
    assert known.head == Head(3, bytes([3]) * MAC)
    assert all(known.has(Head(number, bytes([number]) * MAC)) for number in (1, 2, 3))
    assert known.has(Head(0, b"")) and verified(0).head == Head(0, b"")
    assert not known.has(Head(2, bytes([3]) * MAC)) and not known.has(Head(4, bytes([4]) * MAC))


def test_more_is_never_forgotten_for_less() -> None:
    memory = Memory()
    memory.keep(ONE, verified(3))
    memory.keep(ONE, verified(2))
    assert memory.now() == {ONE: verified(3)}
    memory.keep(ONE, verified(4))
    assert memory.now() == {ONE: verified(4)}


def test_what_was_asked_at_a_moment_stays_as_it_was() -> None:
    memory = Memory()
    before = memory.now()
    memory.keep(ONE, verified(1))
    assert not before and memory.now()
    memory.clear()
    assert not memory.now()


def test_the_chains_used_lately_are_kept() -> None:
    memory = Memory(most=2)
    third = KnownChain(uuid4(), 1, b"key")
    for known in (ONE, OTHER, ONE, third):
        memory.keep(known, verified(1))
    assert memory.now().keys() == {ONE, third}


def test_without_a_state_file_nothing_is_remembered() -> None:
    memory = Memory()
    memory.keep(ONE._replace(generation=NO_GENERATION), verified(1))
    assert not memory.now()
