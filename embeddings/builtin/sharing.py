"""Writes the built-in model as a folder that sentence-transformers opens."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from embeddings.builtin.files import CONFIG, MODEL_DIR, ROWS, SCALES, TOKENIZER
from rag.errors import UsageError

MODULE = Path(__file__).with_name("huwen_static.py")
CARD = "MODEL_CARD.md"


def export_model(folder: Path) -> None:
    """Write the model; `SentenceTransformer(folder, trust_remote_code=True)` opens it where `huwen` is installed.

    Raises `UsageError` where the folder holds files already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"`{folder}` is there already and not an empty folder; name another one")
    folder.mkdir(parents=True, exist_ok=True)
    for name in (CONFIG, TOKENIZER, ROWS, SCALES, CARD):
        shutil.copyfile(MODEL_DIR / name, folder / name)
    shutil.copyfile(MODULE, folder / MODULE.name)
    modules = [{"idx": 0, "name": "0", "path": "", "type": f"{MODULE.stem}.HuwenStatic"}]
    (folder / "modules.json").write_text(json.dumps(modules, indent=1) + "\n", "utf-8")
    config: dict[str, object] = {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
