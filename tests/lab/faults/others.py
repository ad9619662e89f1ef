"""Somebody else answers."""
import stage
from faults.kit import caveat, fault, same_verdict


@fault("host-drop")
def forgeries(play):
    """He knows addresses and ports, not our numbers, and sends some thousands of answers of his own."""
    attacker = stage.beside("r1", "forge", "left", "4000", "2.5")
    ending = play.probe()
    sent = int(attacker.communicate(timeout=20)[0])
    yield from same_verdict(ending, "host-drop")
    yield from caveat(ending, "forged-replies")
    counted = ending.report["packets"]["rejected_as_forged"]
    if not 1000 <= counted <= sent:
        yield f"{counted} of {sent} forgeries counted"
    yield from play.ticket_is_whole()
    return ending
