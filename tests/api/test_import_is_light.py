"""``import vidpose`` loads the front door and nothing behind it."""

import json
import subprocess
import sys

HEAVY = ("numpy", "scipy", "pandas", "pydantic", "av", "cv2", "matplotlib", "ray", "dask", "torch", "xarray")
WATCHED = """
import json, sys
before = set(sys.modules)
import vidpose
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def modules_after(code):
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def test_import_loads_no_room_and_no_library():
    loaded = modules_after(WATCHED)
    print("\n".join(loaded))
    assert [name for name in loaded if name.startswith("vidpose")] == ["vidpose"]
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY)


def test_plain_functions_load_neither_corpus_nor_engines():
    code = WATCHED.replace("import vidpose\n", "import vidpose\nvidpose.joint_angle((0, 0), (0, 1), (1, 1))\n")
    rooms = {name.split(".")[1] for name in modules_after(code) if name.count(".") and name.startswith("vidpose.")}
    assert not rooms & {"corpus", "engines", "workflow", "video", "pose", "governor", "cli", "config"}
