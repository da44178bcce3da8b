"""Find runs of 12 Han characters that a written exemplar shares with a real text; print each and fail if there are any.

The exemplars are written, not collected, and this is the proof: scripts are made one (Simplified), everything but Han
characters is taken out (so a changed comma hides nothing), and each run of 12 is looked up in every text found in the
data folder. Fixed formulas that any newspaper prints alike (names of congresses, campaigns, documents, slogans) are
listed in FORMULAS and are cut out of the exemplars first, so that nothing may lean on a formula to be longer than 11.

    python benchmarks/exemplar_overlap.py          # data from BANMIAN_DATA, or ../shared/data beside the repository
"""

import gzip
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from banmian.config import ROOT
from banmian.text.script import simplify

DATA = Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))
EXEMPLARS = ROOT / "src" / "banmian" / "models" / "data" / "exemplars.jsonl"
# Twelve characters are about two words more than two writers choose alike by chance.
RUN = 12
NOT_HAN = re.compile(r"[^\u3400-\u9fff]+")
# What the Party, the state and the statistical office always call by the same words; nobody's sentence.
FORMULAS = (
    # congresses, campaigns, rules and documents
    "党的二十届四中全会精神",
    "中国共产党发展党员工作细则",
    "中央八项规定及其实施细则精神",
    "群众身边不正之风和腐败问题",
    "群众身边的不正之风和腐败问题",
    "国有企业改革深化提升行动",
    "优秀共产党员",
    "优秀党务工作者",
    "党建统领经济生态平安法治公共服务",
    # slogans
    "深刻领悟两个确立的决定性意义",
    "增强四个意识坚定四个自信做到两个维护",
    "坚定拥护两个确立坚决做到两个维护",
    "坚持和加强党的全面领导",
    "党的领导是全面的系统的整体的",
    "总揽全局协调各方",
    "以党的政治建设统领党的建设各项工作",
    "上下贯通执行有力的组织体系",
    "把方向谋大局定政策促改革",
    "树立大抓基层的鲜明导向",
    "严明政治纪律和政治规矩",
    "以严的基调严的措施严的氛围",
    "更加紧密地团结在党中央周围",
    "学习宣传贯彻",
    "当前和今后一个时期的重大政治任务",
    "加强党的领导和完善公司治理统一起来",
    "革命化年轻化知识化专业化",
    "惩前毖后治病救人",
    "政治路线确定之后干部就是决定的因素",
    "意识形态工作是为国家立心为民族立魂的工作",
    "马克思主义基本原理同中华优秀传统文化相结合",
    "推动文化繁荣建设文化强国建设中华民族现代文明",
    "创造性转化创新性发展",
    "社会主义核心价值观",
    "劳模精神劳动精神工匠精神",
    "建立社会主义市场经济体制",
    "全国统一大市场",
    "社会消费品零售总额",
)


def han(text: str) -> str:
    """Return the Han characters of `text`, in Simplified Chinese, with nothing between them."""
    return NOT_HAN.sub("", simplify(text))


def runs(text: str, size: int = RUN) -> set[str]:
    """Return every run of `size` Han characters in `text` that holds no part of a formula."""
    pieces = [han(text)]
    for formula in sorted(FORMULAS, key=len, reverse=True):
        pieces = [part for piece in pieces for part in piece.split(formula)]
    return {piece[i : i + size] for piece in pieces for i in range(len(piece) - size + 1)}


def strings(value: Any) -> Iterator[str]:
    """Yield every string inside a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        yield from strings(list(value.values()))


def real_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (file name and line, text) for every row of every .jsonl and .jsonl.gz under `folder`."""
    for path in sorted(folder.rglob("*.jsonl*")):
        raw = path.read_bytes()
        lines = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8").split("\n")
        for number, line in enumerate(lines, 1):
            if not line:
                continue
            yield f"{path.name}:{number}", "\n".join(strings(json.loads(line)))


def shared_runs(exemplars: dict[str, str], texts: Iterator[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return (exemplar id, run, where) for every run of an exemplar that is met in `texts`: the first place only."""
    owners: dict[str, str] = {}
    for name, text in exemplars.items():
        for run in runs(text):
            owners.setdefault(run, name)
    found: dict[str, str] = {}
    for where, text in texts:
        real = han(text)
        for i in range(len(real) - RUN + 1):
            run = real[i : i + RUN]
            if run in owners and run not in found:
                found[run] = where
    return sorted((owners[run], run, where) for run, where in found.items())


def main() -> int:
    """Print the offenders and a count; return 1 when there are any."""
    if not DATA.is_dir():
        print(f"{DATA} is not there: nothing to compare with (set BANMIAN_DATA)")
        return 0
    rows = [json.loads(line) for line in EXEMPLARS.read_text(encoding="utf-8").splitlines()]
    offenders = shared_runs({row["id"]: row["text"] for row in rows}, real_texts(DATA))
    for name, run, where in offenders:
        print(f"{name}\t{run}\t{where}")
    print(f"{len(rows)} exemplars, {len(offenders)} runs of {RUN} shared with a real text")
    return int(bool(offenders))


if __name__ == "__main__":
    sys.exit(main())
