"""The numbers of the model card are those of the results file."""

import importlib.util
import json

from locations import ROOT


def test_the_model_card_states_what_was_measured() -> None:
    spec = importlib.util.spec_from_file_location("model_card", ROOT / "benchmarks" / "model_card.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    results = json.loads(module.RESULTS.read_text(encoding="utf-8"))
    assert module.render_row(results) in module.README.read_text(encoding="utf-8")
    assert module.render(results) in module.CARD.read_text(encoding="utf-8"), "run: python benchmarks/model_card.py"
