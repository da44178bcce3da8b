"""Every test of the views starts with an empty canvas."""

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def clean_canvas(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No window, no style or figure left over from another test, both languages."""
    monkeypatch.delenv("BANMIAN_LANG", raising=False)
    plt.switch_backend("agg")
    with mpl.rc_context():
        mpl.rcdefaults()
        yield
    plt.close("all")
