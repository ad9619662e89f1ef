"""The table of scenarios: src/lab/scenarios.tsv as values."""
import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "src/lab/scenarios.tsv"
COLUMNS = 11


@dataclasses.dataclass(frozen=True)
class Hops:
    first: int
    last: int
    at_most: bool = False  # any interval within these bounds will do

    def allows(self, first, last):
        if first is None or last is None:
            return False
        if self.at_most:
            return self.first <= first and last <= self.last
        return (first, last) == (self.first, self.last)


@dataclasses.dataclass(frozen=True)
class Mechanism:
    name: str
    rank: int = 1
    where: Hops | None = None


@dataclasses.dataclass(frozen=True)
class Scenario:
    id: str
    families: tuple[str, ...]
    truth: Hops | None
    outcomes: tuple[str, ...]
    kind: str
    hops: Hops | None
    mechanisms: tuple[Mechanism, ...]
    caveats: tuple[str, ...]
    needs: tuple[str, ...]
    says: str
    fault: str


def words(cell):
    return () if cell == "-" else tuple(cell.split())


def hops(cell):
    if cell in ("-", ""):
        return None
    first, _, last = cell.removeprefix("<=").partition("..")
    return Hops(int(first), int(last or first), cell.startswith("<="))


def mechanism(word):
    rank, name, where = re.fullmatch(r"(?:(\d):)?([a-z-]+)(?:@(.*))?", word).groups()
    return Mechanism(name, int(rank or 1), hops(where or "-"))


def scenario(line):
    cells = line.split("\t")
    if len(cells) != COLUMNS:
        raise ValueError(f"{TABLE.name}: {len(cells)} columns: {line}")
    name, families, truth, outcomes, kind, bounds, mechanisms, caveats, needs, says, fault = cells
    return Scenario(name, words(families), hops(truth), words(outcomes), kind, hops(bounds),
                    tuple(mechanism(word) for word in words(mechanisms)), words(caveats),
                    words(needs), "" if says == "-" else says, fault)


def load():
    lines = TABLE.read_text().splitlines()
    return {row.id: row for row in map(scenario, (x for x in lines if x and x[0] != "#"))}
