"""banmian (版面, "the newspaper page"): Chinese newspaper pages to sections, topics and labels.

The rooms, from the bottom up (imports point downwards only):

- `banmian.config`, `banmian.io`, `banmian.text`: places, files, characters.
- `banmian.labels`: the label scheme and labels that people gave.
- `banmian.reading`: files to documents to repaired, typed sections; no model of meaning here.
- `banmian.words`: sections to words; the lexicon, the stop words, new terms, keyness.
- `banmian.models`: words and embeddings to topics and labels, and the scores that judge them.
- `banmian.views`: results to figures, to the explorer in JupyterLab and to the report.
- `banmian.partitions`: a path of input, listed once, and its rows.
- `banmian.pipeline`: what each command does, in one process.
- `banmian.scale`: the same over partitioned Parquet, on one machine or a Dask cluster.
- `banmian.notebooks`: the notebooks run, on the project's pages or on others.
- `banmian.cli`: the command ``banmian``.
"""

import os

# The full opt-out of onnxruntime's reports to its maker, valid only before its first import; see SECURITY.md.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
