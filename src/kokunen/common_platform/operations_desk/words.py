"""対象の言葉: what a label or the subject of an alert names, in words that an operator reads."""

from __future__ import annotations

from collections.abc import Callable

from kokunen.common_platform.integration.datasets import datasets
from kokunen.common_platform.operations.run_folder import RunFolder
from kokunen.config import environment
from kokunen.config.subsystems import BY_ALIAS

_QUEUES = {"calls": "呼出し", "steps": "ジョブ"}


def subject_words() -> Callable[[str], str]:
    """対象の言葉: asks once for processes and datasets; the answer turns a label (``queue=calls``) or a subject
    (``unified_atena.city,dataset=income``) into words and leaves what it does not know as it stands.
    """
    state = RunFolder(environment.data_dir() / "run").read()
    processes = {process.name: process.label for process in state.processes} if state else {}
    labels = {name: dataset.label_ja for name, dataset in datasets().items()}

    def words(label: str) -> str:
        feed, _, dataset = label.removeprefix("consumer=").partition(",dataset=")
        subsystem = BY_ALIAS.get(feed.partition(".")[0])
        if dataset and subsystem:
            return f"{subsystem.ja} {labels.get(dataset, dataset)}"
        name = label.partition("=")[2] or label
        return processes.get(name) or _QUEUES.get(name) or name

    return words
