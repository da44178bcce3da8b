"""Classification of sections: views of a text, an ensemble on them, calibration, abstention, reasons."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from banmian.models.classify.labeller import Labeller, load_labeller
    from banmian.models.classify.pretrained import load_pretrained
    from banmian.models.classify.training.estimator import SectionClassifier
    from banmian.models.classify.training.train import train_labeller

__all__ = ["Labeller", "SectionClassifier", "load_labeller", "load_pretrained", "train_labeller"]

_MODULES = {
    "Labeller": "labeller",
    "SectionClassifier": "training.estimator",
    "load_labeller": "labeller",
    "load_pretrained": "pretrained",
    "train_labeller": "training.train",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: scikit-learn comes with the estimator alone."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
