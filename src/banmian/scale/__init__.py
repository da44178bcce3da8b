"""The functions of `banmian.pipeline` over partitions of Parquet, on one machine or a Dask cluster."""
