"""Draws by key: the published vectors, independence of order, keys that stay apart."""

import numpy as np
import pytest

from sim.draws import (
    KEYS_PER_SOURCE,
    check_keys_differ,
    check_sources_apart,
    entity_key,
    numbered_key,
    philox,
    uniform,
    waiting_time,
)
from sim.errors import DrawError

# Known answers of the Random123 library for philox4x32 with 10 rounds: counter, key, result.
PUBLISHED_VECTORS = [
    (
        (0x00000000, 0x00000000, 0x00000000, 0x00000000),
        (0x00000000, 0x00000000),
        (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
    ),
    (
        (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF),
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), PUBLISHED_VECTORS)
def test_philox_gives_the_published_vectors(counter, key, expected):
    assert philox(*key, *counter) == expected


@pytest.mark.parametrize(("counter", "key", "expected"), PUBLISHED_VECTORS)
def test_plain_philox_gives_the_published_vectors(counter, key, expected):
    plain = getattr(philox, "py_func", philox)
    assert plain(*key, *counter) == expected


def test_a_draw_depends_on_every_word_of_its_key():
    base = (3, 1, 4, 15, 92, 65)
    draws = {uniform(*base)}
    for place in range(6):
        changed = list(base)
        changed[place] += 1
        draws.add(uniform(*changed))
    assert len(draws) == 7


def test_uniforms_fill_the_unit_interval_evenly():
    """Kolmogorov-Smirnov at a false-alarm rate of 1e-4 on 20,000 draws of one stream."""
    draws = np.sort([uniform(1, 0, 1, 1, 0, count) for count in range(20_000)])
    grid = np.arange(1, draws.size + 1) / draws.size
    distance = max(np.max(np.abs(grid - draws)), np.max(np.abs(grid - 1 / draws.size - draws)))
    assert distance < 2.23 / np.sqrt(draws.size)


def test_the_same_key_gives_the_same_draw_in_any_order():
    keys = [(1, run, 2, entity, 0, 0) for run in range(5) for entity in range(5)]
    assert [uniform(*key) for key in keys] == [uniform(*key) for key in reversed(keys)][::-1]


def test_a_rate_of_zero_waits_for_ever():
    assert waiting_time(0.5, 0.0) == np.inf


def test_numbered_entities_of_one_source_never_share_a_key():
    source = entity_key("unit/gao/Senegal/infantry/01")
    keys = {numbered_key(source, number) for number in range(KEYS_PER_SOURCE)}
    assert len(keys) == KEYS_PER_SOURCE
    with pytest.raises(DrawError, match="Shorten the run"):
        numbered_key(source, KEYS_PER_SOURCE)


def test_two_names_with_one_key_are_refused(monkeypatch):
    monkeypatch.setattr("sim.draws.entity_key", {"a": 10, "b": 10, "c": 11}.get)
    with pytest.raises(DrawError, match="'a' and 'b'"):
        check_keys_differ(["a", "c", "b"])
    check_keys_differ(["a", "c", "a"])


def test_names_whose_keys_overlap_are_refused(monkeypatch):
    monkeypatch.setattr("sim.draws.entity_key", {"a": 10, "b": 10 + KEYS_PER_SOURCE - 1}.get)
    with pytest.raises(DrawError, match="'a' and 'b'"):
        check_sources_apart(["a", "b"])
    monkeypatch.setattr("sim.draws.entity_key", {"a": 10, "b": 10 + KEYS_PER_SOURCE}.get)
    check_sources_apart(["a", "b"])
