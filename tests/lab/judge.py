"""Is this report what the scenario must be found to be? Returns complaints; none means yes."""


def found(report):
    """The answer in one line, for tables and failures."""
    culprit = report["culprit"]
    named = " ".join(f"{e['rank']}:{e['mechanism']}@{interval(e['where'])}"
                     for e in report["explanations"])
    return (f"{report['outcome']} {culprit['kind']} {interval(culprit)} "
            f"{culprit['confidence']} [{named}]")


def interval(where):
    return f"{where['first_hop']}..{where['last_hop']}"


def holds(where, truth):
    first, last = where["first_hop"], where["last_hop"]
    return first is not None and first <= truth.first and (last is None or truth.last <= last)


def outcome(report, row):
    if report["outcome"] not in row.outcomes:
        yield f"outcome {report['outcome']}, not {' or '.join(row.outcomes)}"


def blame(report, row):
    culprit = report["culprit"]
    if row.kind not in ("*", culprit["kind"]):
        yield f"culprit kind {culprit['kind']}, not {row.kind}"
    if row.hops and not row.hops.allows(culprit["first_hop"], culprit["last_hop"]):
        bound = "at most " if row.hops.at_most else ""
        yield f"culprit hops {interval(culprit)}, not {bound}{row.hops.first}..{row.hops.last}"


def truth(report, row):
    """The true hop is in the interval, or where the packets cannot tell, in a listed `where`."""
    culprit = report["culprit"]
    if not row.truth or culprit["kind"] == "none" or holds(culprit, row.truth):
        return
    elsewhere = [e for e in report["explanations"] if holds(e["where"], row.truth)]
    if not elsewhere:
        yield f"the true hop {row.truth.first} is nowhere"
    elif culprit["confidence"] == "certain":
        yield f"certain, and the true hop {row.truth.first} is not in {interval(culprit)}"


def mechanisms(report, row):
    listed = {e["mechanism"]: e for e in report["explanations"]}
    for wanted in row.mechanisms:
        got = listed.pop(wanted.name, None)
        if got is None:
            yield f"{wanted.name} is not listed"
        elif got["rank"] != wanted.rank:
            yield f"{wanted.name} has rank {got['rank']}, not {wanted.rank}"
        elif wanted.where and not wanted.where.allows(got["where"]["first_hop"],
                                                      got["where"]["last_hop"]):
            yield f"{wanted.name} is at {interval(got['where'])}, " \
                  f"not {wanted.where.first}..{wanted.where.last}"
    for name in listed:
        yield f"{name} is listed"


def caveats(report, row):
    there = {caveat["id"] for caveat in report["caveats"]}
    yield from (f"caveat {word} is missing" for word in row.caveats if word not in there)


def words(report, row):
    texts = [part["text"] for e in report["explanations"] for part in e["because"]]
    if row.says and not any(row.says in text for text in texts):
        yield f"no evidence says '{row.says}'"


def complaints(report, row):
    checks = (outcome, blame, truth, mechanisms, caveats, words)
    return [text for check in checks for text in check(report, row)]
