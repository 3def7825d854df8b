"""The GPU's benchmark says when it did not run, and finds a cost that is wrong."""

import sys

import gpu
import numpy as np
import pytest


@pytest.mark.parametrize("cuda", [None, False], ids=["no PyTorch", "no CUDA device"])
def test_without_a_gpu_it_says_so(cuda, monkeypatch, capsys):
    class Torch:
        class cuda:
            is_available = staticmethod(lambda: cuda)

    monkeypatch.setitem(sys.modules, "torch", None if cuda is None else Torch)
    monkeypatch.setattr(sys, "argv", ["gpu.py"])

    with pytest.raises(SystemExit) as end:
        gpu.main()

    assert end.value.code == 2
    reason = "PyTorch is not installed" if cuda is None else "no CUDA device"
    assert capsys.readouterr() == ("", f"not run: {reason}\n")


class Tensor(np.ndarray):
    """What is asked of a tensor when it is checked."""

    cpu = double = lambda self: self.astype(float).view(Tensor)
    numpy = lambda self: np.asarray(self)  # noqa: E731


def test_the_cost_to_be_is_that_of_all_rows_at_once(monkeypatch):
    monkeypatch.setattr(gpu, "CHECKED_ROWS", 40)
    problem = gpu.Problem(100, (6, 5, 3))
    X = np.random.default_rng(0).random((100, 6), dtype=np.float32)

    right = gpu.expected(problem, X.view(Tensor))

    cost = gpu.BatchedCost(X.astype(float), problem.labels(), problem.sizes, gpu.LAMBDA)
    of_all = cost(problem.weights().astype(float))
    assert gpu.difference(of_all, right) <= gpu.rounding(problem.sizes, float)
    for wrong in ((of_all[0] * (1 + 1e-9), of_all[1]), (of_all[0], of_all[1] + 1e-9)):
        assert gpu.difference(wrong, right) > gpu.rounding(problem.sizes, float)


def test_it_goes_through_on_the_cpu(monkeypatch, capsys):
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(gpu, "SECONDS", 0.0)
    monkeypatch.delattr(torch.Tensor, "__array__")  # a tensor of a GPU does not become an array

    lines = list(gpu.lines_of(gpu.Device(torch, "cpu"), [gpu.Problem(3000, (40, 5, 3))]))

    assert all(is_right for _, is_right in lines)
    assert [line.split()[:4] for line, _ in lines[-2:]] == [
        ["3000", "x", "40-5-3", "float32"],
        ["3000", "x", "40-5-3", "float64"],
    ]
