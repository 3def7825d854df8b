"""Which .m files a recording is of, and what is said when they are others."""

import pytest

from lockstep.oracles.freshness import MCode, changes
from lockstep.project.m_files import MFiles
from lockstep.project.pairs import Pair


@pytest.fixture
def code(tmp_path):
    """Write .m files, by name, and return what reads them, and how a pair of them is made."""

    def written(**texts):
        root = tmp_path / "matlab"
        for name, text in texts.items():
            file = root / f"{name.replace('__', '/')}.m"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return MCode(MFiles([root])), Pair("f", root / "f.m")

    return written


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        pytest.param("y = x;", [], id="itself alone"),
        pytest.param("y = g(x);", ["g"], id="a call"),
        pytest.param("y = h(x);", ["g", "h"], id="a call of what calls"),
        pytest.param("y = cellfun(@g, x);", ["g"], id="a handle"),
        pytest.param("y = feval('g', x);", ["g"], id="a text"),
        pytest.param("run g\ny = x;", ["g"], id="a command"),
        pytest.param("y = x; % not g", [], id="a comment"),
        pytest.param("y = p(x);", ["private/p"], id="a private function"),
        pytest.param("y = pack.q(x);", ["+pack/q"], id="a package's"),
        pytest.param("y = x; disp(k.method());", ["@k/method"], id="a method"),
        pytest.param("y = g(x", ["g"], id="a file that is not understood"),
    ],
)
def test_the_files_that_a_pair_may_come_to(code, text, reached):
    m_code, pair = code(
        f=f"function y = f(x)\n{text}\nend\n",
        g="function y = g(x)\ny = x;\nend\n",
        h="function y = h(x)\ny = g(x);\nend\n",
        private__p="function y = p(x)\ny = x;\nend\n",
        **{
            "+pack__q": "function y = q(x)\ny = x;\nend\n",
            "@k__method": "function method()\nend\n",
        },
        unused="function unused()\nend\n",
    )
    assert list(m_code.reached(pair)) == sorted(f"matlab/{name}.m" for name in ["f", *reached])


def test_a_handle_reaches_further(code):
    m_code, pair = code(
        f="function y = f(x)\ny = x(1);\nend\n", g="function y = g(x)\ny = x;\nend\n"
    )
    assert list(m_code.reached(pair, {"g"})) == ["matlab/f.m", "matlab/g.m"]


def test_a_function_of_octaves_own_reaches_nothing(code):
    m_code, _ = code(f="function f()\nend\n")
    assert m_code.reached(Pair("sum", None)) == {}


def test_line_ends_do_not_count(code):
    m_code, pair = code(f="function f()\nend\n")
    before = m_code.reached(pair)
    pair.m_file.write_bytes(b"function f()\r\nend\r\n")
    assert MCode(MFiles([pair.m_file.parent])).reached(pair) == before


def test_a_file_is_read_again_when_it_was_written(code):
    m_code, pair = code(f="function f()\nend\n")
    before = m_code.reached(pair)
    pair.m_file.write_text("function f()\ndisp(1)\nend\n")
    assert m_code.reached(pair) != before


def test_folders_of_one_name_are_told_apart(tmp_path):
    files = [tmp_path / one / "matlab" / "f.m" for one in ("a", "b")]
    for number, file in enumerate(files):
        file.parent.mkdir(parents=True)
        file.write_text(f"function f()\ndisp({number})\nend\n")
    code = MCode(MFiles([file.parent for file in files]))
    names = ["matlab/f.m", "matlab (2)/f.m"]
    assert [code.name(file) for file in files] == names
    assert [code.file(name) for name in names] == files


def test_a_file_is_found_by_its_name(code):
    m_code, _ = code(f="function f()\nend\n", private__p="function p()\nend\n")
    for name in ("matlab/f.m", "matlab/private/p.m"):
        assert m_code.name(m_code.file(name)) == name
    with pytest.raises(LookupError, match=r"no file matlab/other\.m"):
        m_code.file("matlab/other.m")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        pytest.param({"a.m": "1", "b.m": "2"}, "", id="nothing"),
        pytest.param({"a.m": "3", "b.m": "2"}, "a.m changed", id="one"),
        pytest.param({"a.m": "1"}, "b.m is gone", id="one less"),
        pytest.param(
            {"a.m": "1", "b.m": "2", "c.m": "3"}, "c.m is reached now", id="one more"
        ),
        pytest.param({}, "a.m is gone, b.m is gone", id="all"),
    ],
)  # fmt: skip
def test_what_changed_is_said(now, said):
    assert changes({"a.m": "1", "b.m": "2"}, now) == said
