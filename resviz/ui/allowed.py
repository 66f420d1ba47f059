"""What visitors may do on this server: the operator's switch for public use.

``RESVIZ_ALLOW`` lists what is on, separated by commas; ``all`` and ``none`` stand for every act and for no act, and
without the variable every act is on. A word that is no act turns nothing on.
"""

import os
from enum import StrEnum

import streamlit as st

VARIABLE = "RESVIZ_ALLOW"


class Act(StrEnum):
    """Something that takes the server's time or room, or changes what others see."""

    PROFILING = "profiling"
    TRAINING = "training"
    UPLOADS = "uploads"
    IMPORT = "import"
    DELETION = "deletion"


SENTENCES = {
    Act.PROFILING: "Measuring is turned off on this server: run `resviz profile` on a machine of your own.",
    Act.TRAINING: "Training is turned off on this server: run `resviz train` on a machine of your own.",
    Act.UPLOADS: "Opening files is turned off on this server.",
    Act.IMPORT: "Importing runs is turned off on this server.",
    Act.DELETION: "Deleting runs is turned off on this server.",
}
"""What stands in the place of what is turned off."""


def allowed(act: Act) -> bool:
    """Return whether an act is on."""
    words = {word.strip().lower() for word in os.environ.get(VARIABLE, "all").split(",")}
    return "all" in words or act.value in words


def offered(act: Act) -> bool:
    """Return whether an act is on; say so on the page where it is not."""
    if allowed(act):
        return True
    st.caption(SENTENCES[act])
    return False
