"""The steps of ``pipeline`` over partitions of Parquet, on one machine or a Dask cluster."""
