"""Classification of sections: features, an ensemble of logistic regressions, calibration, abstention, reasons."""

from banmian.models.classify.labeller import Labeller, load_labeller, train_labeller

__all__ = ["Labeller", "load_labeller", "train_labeller"]
