"""banmian (版面, "the newspaper page"): Chinese newspaper pages to sections, topics and labels.

The rooms, in reading order:

- `banmian.reading`: files to documents to repaired, typed sections; no model of meaning here.
- `banmian.words`: sections to words; the lexicon, the stop words, new terms, keyness.
- `banmian.models`: words and embeddings to topics and labels, and the scores that judge them.
- `banmian.views`: results to figures and to the reader in JupyterLab.
- `banmian.scale`: the same steps over partitioned Parquet, on one machine or a Dask cluster.
- `banmian.paths`, `banmian.letters`, `banmian.files`: for every room: places, runs of letters, files written whole.
- `banmian.tables`: files of rows. `banmian.notebooks`, `banmian.copies`: the notebooks run here, and on other pages.
- `banmian.console`, `banmian.cli`: what a command says and how it ends; the command `banmian`.
"""

import os

# The full opt-out of onnxruntime's reports to its maker, valid only before its first import; see SECURITY.md.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
