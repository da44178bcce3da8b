"""How a labeller is made: checked examples, fitted heads, calibration. Needs scikit-learn; predicting does not."""
