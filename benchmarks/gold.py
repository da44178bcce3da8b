"""The seeds' gold as counts and as clean pages (fields are told in tests/cases/README.md)."""

from itertools import pairwise

import pandas as pd

from page_breaker import edges_kept


class Gold:
    """One seed's gold with its text: counts what sections get right, and mends the text by the gold alone."""

    def __init__(self, gold: dict, text: str) -> None:
        self._text, self._lines = text, {line["line"]: line for line in gold["lines"]}
        self._articles, self._order, self._within = gold["articles"], gold["column_order"], gold["within_line"]
        self._meant = gold["spurious_spaces"]["meant"]
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        self._span = {n: (starts[n - 1], len(text[: starts[n]].rstrip("\n"))) for n in self._lines}
        self._span = {n: (start, start + len(text[start:end].rstrip())) for n, (start, end) in self._span.items()}

    def count(self, sections: pd.DataFrame) -> dict[str, float]:
        """Return counts of joins, starts, kinds by character, column jumps, spurious spaces and lost characters."""
        kept, counts = edges_kept(sections), dict.fromkeys(("hits", "found", "wanted", "spurious"), 0.0)
        numbers = list(self._lines)
        for line, following in pairwise(numbers):
            if "doubt" in self._lines[line] or self._lines[line]["break"] == "column":
                continue
            joined = kept.get((self._span[line][1] - 1, self._span[following][0]), "\n") != "\n"
            wanted = self._lines[line]["break"] == "join"
            counts["found"] += joined
            counts["wanted"] += wanted
            counts["hits"] += joined and wanted
        for place in self._spaces(meant=False):
            joined = kept.get((place - 1, place + 1)) == ""
            between_paragraphs = kept.get((place - 1, place + 1)) in ("\n", None)
            counts["wanted"] += not between_paragraphs
            counts["found"] += joined
            counts["hits"] += joined
            counts["spurious"] += not joined and not between_paragraphs
        for place in self._spaces(meant=True):
            counts["found"] += kept.get((place - 1, place + 1)) == ""
        gold_starts = {self._span[article["first_line"]][0] for article in self._articles}
        found_starts = {spans[0][0] for spans in sections.drop_duplicates("article_id")["spans"]}
        counts |= {"start_hits": len(gold_starts & found_starts), "start_found": len(found_starts)}
        counts |= {"start_wanted": len(gold_starts)} | self._kinds(sections)
        jumps = [(self._span[j["from_line"]][1] - 1, self._span[j["to_line"]][0]) for j in self._order]
        counts |= {"columns": sum(kept.get(jump) == "" for jump in jumps), "jumps": len(jumps)}
        printed = sum(len(spans) for spans in sections["spans"])
        return counts | {"lost": abs(printed - sum(not char.isspace() for char in self._text))}

    def _kinds(self, sections: pd.DataFrame) -> dict[str, float]:
        pairs = zip(sections["kind"], sections["spans"], strict=True)
        kind_at = {place: kind for kind, spans in pairs for place, _ in spans}
        right = every = 0
        for n, line in self._lines.items():
            start, end = self._span[n]
            cuts = [w for w in self._within if w["line"] == n and w["kind_before"] != w["kind_after"]]
            cut = self._text.index(cuts[0]["before"], start) + len(cuts[0]["before"]) if cuts else start
            for place in range(start, end):
                if place in kind_at:
                    gold = cuts[0]["kind_before"] if place < cut else cuts[0]["kind_after"] if cuts else line["kind"]
                    every += 1
                    right += kind_at[place] == gold
        return {"kind_right": right, "kind_all": every}

    def _spaces(self, meant: bool) -> list[int]:
        """Return the places of single spaces beside a Chinese character that are meant, or of those that are not."""
        kept = set()
        for space in self._meant:
            start, end = self._span[space["line"]]
            # What stands after it may hold the spaces at the line's end, which are cut off here.
            place = self._text.find(space["before"] + " " + space["after"].rstrip(), start, end)
            kept.add(place + len(space["before"]))
        lines = [range(start + 1, end - 1) for start, end in self._span.values()]
        spaces = [place for line in lines for place in line if self._text[place] == " "]
        beside_han = [p for p in spaces if max(self._text[p - 1], self._text[p + 1]) > "\u2e80"]
        return [place for place in beside_han if (place in kept) == meant]

    def page(self) -> dict:
        """Return the seed mended by the gold, as a page for `break_page`."""
        away = set(self._spaces(meant=False))
        paragraphs: list[str] = []
        starts = []
        for article in self._articles:
            starts.append(len(paragraphs))
            goes_on = False
            for line in article["lines"]:
                start, end = self._span[line]
                text = "".join(self._text[place] for place in range(start, end) if place not in away)
                if goes_on:
                    paragraphs[-1] += text
                else:
                    paragraphs.append(text)
                broken_off = self._lines[line]["break"] == "column"
                goes_on = self._lines[line]["break"] == "join" or (broken_off and line != 5)
        return {"id": "seed", "paragraphs": paragraphs, "starts": starts, "titles": [""] * len(starts)}
