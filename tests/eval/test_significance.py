"""The statistics against published values, brute force and another implementation."""

from __future__ import annotations

import numpy as np
import pytest

from eval.resampling import bootstrap_means, interval
from eval.significance import Signs, bootstrap_test, detectable, holm, losses_to_fail, sign_test, signs


def test_the_sign_test_rejects_from_these_losses_on() -> None:
    assert [losses_to_fail(wins) for wins in range(5)] == [5, 7, 9, 10, 12]


def test_the_sign_test_agrees_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for wins, losses in ((0, 5), (3, 9), (7, 2), (10, 10)):
        theirs = stats.binomtest(losses, wins + losses, 0.5, alternative="greater").pvalue
        assert sign_test(Signs(wins=wins, losses=losses)) == pytest.approx(theirs)
    assert sign_test(Signs(wins=0, losses=0)) == 1


def test_equal_questions_are_no_signs() -> None:
    assert signs([0.0, 0.5, -1.0, -0.2, 0.0]) == Signs(wins=1, losses=2)


def test_holm_by_hand() -> None:
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert adjusted == pytest.approx({"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06})


def test_a_bootstrap_with_the_same_seed_is_the_same() -> None:
    values, clusters = [0.0, 1.0, 1.0, 0.0], ["a", "a", "b", "c"]
    first, second = (bootstrap_means(values, clusters=clusters, seed=3) for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, bootstrap_means(values, clusters=clusters, seed=4))


def test_whole_clusters_are_drawn() -> None:
    means = bootstrap_means([1.0, 1.0, 0.0, 0.0], clusters=["a", "a", "b", "b"], seed=1)
    assert set(np.unique(means)) == {0.0, 0.5, 1.0}


def test_an_interval_covers_the_mean_and_is_none_without_values() -> None:
    low, high = interval([0.0, 1.0] * 40, clusters=[str(n) for n in range(80)], seed=1) or (1, 0)
    assert 0.35 < low < 0.5 < high < 0.65
    assert interval([], clusters=[], seed=1) is None


def test_no_loss_is_no_drop_and_a_clear_drop_is_found() -> None:
    clusters = [str(n) for n in range(60)]
    assert bootstrap_test([0.0] * 60, clusters=clusters, seed=1) == 1
    assert bootstrap_test([0.0] * 30 + [-1.0] * 30, clusters=clusters, seed=1) < 0.001
    assert bootstrap_test([1.0] * 15 + [-1.0] * 15 + [0.0] * 30, clusters=clusters, seed=1) > 0.2


def test_the_detectable_drop_shrinks_with_the_root_of_the_set() -> None:
    def found(n: int) -> float:
        return detectable([0.0, 1.0, -1.0, 0.0] * (n // 4), clusters=[str(i) for i in range(n)]) or 0.0

    assert found(100) == pytest.approx(2 * found(400), rel=0.02)
    assert found(400) == pytest.approx((1.645 + 0.842) * (0.5**0.5) / 20, rel=0.01)
    assert detectable([0.0] * 9, clusters=list("abcdefghi")) is None
