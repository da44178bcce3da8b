"""The same steps over any amount: partitions in, partition files out, one at a time here or many at once on Dask.

- `banmian.scale.parts`: cuts files into partitions, each small enough for one worker's memory.
- `banmian.scale.work`: what one worker does with one partition: rows through a step, a whole file, a receipt.
- `banmian.scale.cluster`: the cluster, and waiting for it without waiting for ever.
- `banmian.scale.engine`: all partitions of a folder, in this process or on a cluster; resumes, reports, cleans up.
- `banmian.scale.steps`: the steps themselves, made of the very functions that the small path calls.
- `banmian.scale.twins`: the same story in two partitions.
"""
