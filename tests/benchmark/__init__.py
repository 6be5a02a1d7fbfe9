"""How fast, beside what everybody knows: `python -m tests.benchmark` measures, `--write` rewrites docs/benchmark.md.

Stages are measured in processor seconds of one process and given as ratios to one pass of
`jieba.posseg` over the same text in the same run, so that a slow or busy machine changes the
seconds but hardly the ratios.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as a build has it, see output/cli/app.py
