"""``from banmian import …``: every promised name, loaded when it is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

import banmian

FIRST = """
import sys
import banmian
assert set(banmian.__all__) <= set(dir(banmian))
heavy = {"pandas", "numpy", "sklearn", "onnxruntime", "pyarrow", "click", "dask", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
own = sorted(name for name in sys.modules if name.startswith("banmian"))
assert own == ["banmian"], own
import os
assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
"""


def test_import_loads_nothing() -> None:
    subprocess.run([sys.executable, "-c", FIRST], check=True, timeout=60)


@pytest.mark.parametrize("name", banmian.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    value = getattr(banmian, name)
    assert callable(value) and value.__doc__
    assert getattr(banmian, name) is value


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        banmian.nonsense  # noqa: B018


def test_all_that_it_offers_is_enough_for_a_page(tmp_path: Path) -> None:
    from banmian import read_documents, split_sections

    (tmp_path / "page.txt").write_text("茶园里的春天来得早，山下的茶铺一早就开了门。", encoding="utf-8")
    assert split_sections(read_documents(tmp_path))["kind"].tolist() == ["body"]
