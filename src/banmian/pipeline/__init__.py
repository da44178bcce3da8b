"""What each command does, in one process: input to sections or rows, to labels or topics, to rows again.

`banmian.scale` runs these same functions over partitions.
"""
