"""The labeller on other people's label sets with a few texts a class.

    python benchmarks/few_shot.py

FewCLUE (Xu et al. 2021, arXiv:2107.07498) is looked for in fewclue/tnews and fewclue/csldcp of the measuring data:
train_0.json and test_public.json, or dev_0.json in its place. It is skipped, with a message, where it is not.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from banmian.models.classify import SectionClassifier
from banmian.models.evaluation.baselines import character_baseline
from label_curves import read_rows
from terms import data_folder

# FewCLUE's classes in a line each, for `train_labeller(descriptions=)`; the data call them news_story and so on.
TNEWS = dict(
    line.split()
    for line in """
    100 民间故事，情感故事
    101 文化，历史，书法，艺术
    102 娱乐，明星，电影，综艺
    103 体育，足球，篮球，比赛
    104 财经，金融，公司，银行
    106 房产，楼市，房价，买房
    107 汽车，驾驶，车型
    108 教育，学校，考试，学生
    109 科技，互联网，手机
    110 军事，武器，战争，军队
    112 旅游，景点，出行
    113 国际，外国，世界新闻
    114 股票，股市，证券
    115 农业，农村，种植养殖
    116 游戏，电竞，电子竞技""".strip().splitlines()
)


def few_shot() -> None:
    """Any label set: 16 texts a class of FewCLUE (if at hand), then Taiwan news by its site's categories."""
    published = {"tnews": "56 %; characters 31 %", "csldcp": "60 %; characters 45 %"}
    for name, told in published.items():
        folder = data_folder() / "fewclue" / name
        test = next((folder / file for file in ("test_public.json", "dev_0.json") if (folder / file).is_file()), None)
        if test is None or not (folder / "train_0.json").is_file():
            print(f"\nFewCLUE {name}: not in {folder}, skipped")
            continue
        rows = [_fewclue(path) for path in (folder / "train_0.json", test)]
        lines = TNEWS if name == "tnews" else None
        n, classes = len(rows[0]), rows[0]["label"].nunique()
        print(f"\nFewCLUE {name}, {n} texts of {classes} classes, tested on the {len(rows[1])} of {test.name}: "
              f"{_told(_tried(rows[0], rows[1], lines))} (best small models published: {told})")  # fmt: skip
        if test.name == "dev_0.json":  # as large as the training file: turned round, it says how far chance goes
            print(f"  trained and tested the other way round: {_told(_tried(rows[1], rows[0], lines))}")
    news = read_rows("corpora/taiwan_2017.jsonl.gz")[["title", "category"]].set_axis(["text", "label"], axis=1)
    news = news[news["label"].map(news["label"].value_counts()) >= 60]
    print(f"\nfew titles a class: {news['label'].nunique()} categories of Taiwan news, tested on 40 other titles each")
    for n in (1, 4, 16):
        found = []
        for seed in range(3):
            mixed = news.sample(frac=1, random_state=seed)
            place = mixed.groupby("label").cumcount()
            lines = {label: label for label in mixed["label"].unique()}
            found.append(_tried(mixed[place < n], mixed[(place >= n) & (place < n + 40)], lines))
        print(f"  {n:3d} a class: {_told(np.mean(found, axis=0).tolist())}", flush=True)


def _fewclue(path: Path) -> pd.DataFrame:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return pd.DataFrame([(row.get("sentence") or row["content"], str(row["label"])) for row in rows],
                        columns=["text", "label"])  # fmt: skip


def _tried(train: pd.DataFrame, test: pd.DataFrame, lines: dict[str, str] | None) -> list[float]:
    """Accuracy of the labeller, of the labeller with descriptions (nan without), and of characters alone."""
    texts, labels, new = train["text"].tolist(), train["label"].tolist(), test["text"].tolist()
    plain = SectionClassifier(calibrate=False, cache=True)
    models = [plain, SectionClassifier(calibrate=False, cache=True, descriptions=lines) if lines else None]
    models.append(character_baseline())
    truth = test["label"].to_numpy()
    return [float((m.fit(texts, labels).predict(new) == truth).mean()) if m else float("nan") for m in models]


def _told(scores: Sequence[float]) -> str:
    return "labeller {:.3f}, with descriptions {:.3f}, characters alone {:.3f}".format(*scores)


if __name__ == "__main__":
    few_shot()
