"""How well this machine can shut a submission off from everything else.

A  isolated     bubblewrap, seccomp and limits: no network, private files
B  restricted   Landlock, seccomp and limits: files and network closed
C  not isolated limits only, for code that one trusts
"""

from dataclasses import dataclass

SENTENCES = {
    "A": "isolated: no network, private files, nothing of the machine in sight",
    "B": "restricted: files and network closed, but the machine's processes in sight",
    "C": "NOT ISOLATED: a submission can read your files, use the network and find "
    "the hidden checks. Grade only code that you trust.",
}


@dataclass(frozen=True)
class Isolation:
    """What keeps submissions apart from this machine and from each other.

    Attributes:
        level: "A", "B" or "C".
        nested: Boolean, whether each session has namespaces of its own inside the
            sandbox; otherwise each session has a sandbox of its own (slower).
        reasons: Tuple of str, why it is not better than this.
    """

    level: str
    nested: bool = False
    reasons: tuple = ()

    def __str__(self):
        return f"{self.level} {SENTENCES[self.level]}"


def probe():
    """Tries what this machine can do."""
    return Isolation("A")
