"""Process a folder of real videos and print what can be counted: states, frames, sound, sign flips of joint angles.

``python benchmarks/real_videos.py FOLDER``; the results stay in a temporary folder that is removed. A change of sign is
counted as a flip when both frames have a value and both values are more than 5 degrees away from zero.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import av
import click
import numpy as np
import pandas as pd

from vidpose.biomech.conventions import ANGLES

PROJECT = Path(__file__).resolve().parent.parent
SIGN_MARGIN_DEG = 5.0


def sign_flips(values_deg: np.ndarray) -> int:
    """Count changes of sign between consecutive frames that both have a value; shape (T,), NaN is missing."""
    before, after = values_deg[:-1], values_deg[1:]
    with np.errstate(invalid="ignore"):
        far = (np.abs(before) > SIGN_MARGIN_DEG) & (np.abs(after) > SIGN_MARGIN_DEG)
        return int(np.sum(far & (np.sign(before) != np.sign(after))))


def joint_angle_flips(angles: Path) -> pd.DataFrame:
    """Return per joint angle of the main person: frames with a value, sign flips, largest step, degrees."""
    table = pd.read_parquet(angles)
    table = table[table["angle"].isin([row.id for row in ANGLES if row.kind == "joint_2d"])]
    rows = []
    for name, part in table[table["person"] == 0].groupby("angle", observed=True, sort=False):
        values = part.sort_values("frame")["value_deg"].to_numpy(dtype=float)
        steps = np.abs(np.diff(values))
        largest = float(np.nanmax(steps)) if np.isfinite(steps).any() else float("nan")
        rows.append((str(name), int(np.isfinite(values).sum()), sign_flips(values), largest))
    return pd.DataFrame(rows, columns=["angle", "frames", "sign_flips", "largest_step_deg"])


def counted_frames(video: Path) -> tuple[int, float, list[bytes]]:
    """Decode a video whole; return frames, duration of the pictures in seconds, and its sound packets."""
    with av.open(f"file:{video}") as container:
        stream = container.streams.video[0]
        times = []
        for packet in container.demux(stream):
            try:
                times += [frame.pts * stream.time_base for frame in packet.decode() if frame.pts is not None]
            except av.error.FFmpegError:
                continue
    with av.open(f"file:{video}") as container:
        sound = container.streams.audio
        packets = [bytes(packet) for packet in container.demux(sound[0]) if packet.size] if sound else []
    span = float(max(times) - min(times)) if times else 0.0
    return len(times), span, packets


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Print the figures of one run over FOLDER."""
    with tempfile.TemporaryDirectory() as scratch:
        output, models = Path(scratch) / "output", Path(scratch) / "models"
        places = ["--input", str(folder), "--output", str(output), "--models", str(models)]
        done = subprocess.run([sys.executable, str(PROJECT / "pipeline.py"), *places, "--quiet"], check=False)
        print(f"exit code {done.returncode}")
        report = json.loads((output / "run_report.json").read_bytes())
        for entry in report["videos"]:
            codes = ", ".join(finding["code"] for finding in entry["findings"])
            print(f"{entry['name']}: {entry['state']}" + (f" ({codes})" if codes else ""))
            picture = output / entry["name"] / "annotated.mp4"
            if picture.is_file():
                ours, source = counted_frames(picture), counted_frames(folder / entry["name"])
                sound = "none" if not source[2] else "equal" if ours[2] == source[2] else "differs"
                print(f"  frames {ours[0]} of {source[0]}, span {ours[1]:.3f} of {source[1]:.3f} s, sound {sound}")
            flips = joint_angle_flips(models / entry["name"] / "angles.parquet")
            bad = flips[flips["sign_flips"] > 0]
            print(f"  joint angles with sign flips: {len(bad)} of {len(flips)}")
            if len(bad):
                print("    " + bad.to_string(index=False).replace("\n", "\n    "))


if __name__ == "__main__":
    main()
