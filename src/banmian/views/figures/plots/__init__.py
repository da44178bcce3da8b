"""One module for each subject; a ``plot_*`` draws tidy data on an axes and computes nothing."""
