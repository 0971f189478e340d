"""How many cuts between shots are found, and how many are found where there is none.

``python -m benchmarks.cuts [FOLDER]`` joins pieces of the clips in FOLDER at random, some with a dissolve or through
black, encodes them, and looks for the cuts in the decoded pictures as a run does. It prints for each kind how many were
found, the false ones per ten minutes, and the processor time per frame beside that of reading the file.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

import av
import click
import cv2
import numpy as np

from vidpose.types.arrays import ByteArray
from vidpose.types.transition import Cut
from vidpose.video.cut_finder import CutFinder
from vidpose.video.decode import VideoReader
from vidpose.video.probe import content_sha256, probe
from vidpose.video.small_picture import SmallPicture

Kind = Literal["cut", "dissolve", "black"]
SIZE: Final = (480, 270)
RATE_HZ: Final = 30
PIECE_S: Final = (1.0, 6.0)
SHARES: Final = {"cut": 0.8, "dissolve": 0.1, "black": 0.1}
FADE_FRAMES: Final = (10, 30)
SLACK_FRAMES: Final = {"cut": 1, "dissolve": 15, "black": 15}
"""How far from its place a cut counts as found."""


@dataclass(slots=True)
class Joined:
    """A film of pieces: its frames, and (kind, first frame, last frame) of every change from one piece to the next."""

    frames: list[ByteArray] = field(default_factory=list)
    joints: list[tuple[Kind, int, int]] = field(default_factory=list)

    def add(self, piece: list[ByteArray], kind: Kind, n_fade: int) -> None:
        """Append a piece."""
        start = len(self.frames)
        if not self.frames:
            self.frames += piece
        elif kind == "cut":
            self.joints.append((kind, start, start))
            self.frames += piece
        elif kind == "dissolve":
            n = min(n_fade, len(piece) // 2, start)
            shares = np.linspace(0, 1, n + 2)[1:-1]
            mixed = [_mixed(a, b, share) for a, b, share in zip(self.frames[-n:], piece, shares, strict=False)]
            self.frames[-n:] = mixed
            self.joints.append((kind, start - n, start))
            self.frames += piece[n:]
        else:
            n = min(n_fade // 2 + 2, len(piece), start)
            out = [_mixed(a, 0 * a, share) for a, share in zip(self.frames[-n:], np.linspace(0, 1, n), strict=True)]
            self.frames[-n:] = out
            self.joints.append((kind, start - n, start + n))
            self.frames += [_mixed(0 * a, a, share) for a, share in zip(piece[:n], np.linspace(0, 1, n), strict=True)]
            self.frames += piece[n:]


def _mixed(first: ByteArray, second: ByteArray, share: float) -> ByteArray:
    return np.asarray(cv2.addWeighted(first, 1.0 - share, second, share, 0.0), dtype=np.uint8)


def clips(folder: Path) -> list[list[ByteArray]]:
    """Return the frames of every clip, at the film's size and rate."""
    found = []
    for path in sorted(folder.glob("*.mp4")):
        with av.open(path) as container:
            stream = container.streams.video[0]
            every = max(1, round(float(stream.average_rate or RATE_HZ) / RATE_HZ))
            frames = [
                frame.to_ndarray(width=SIZE[0], height=SIZE[1], format="bgr24")
                for number, frame in enumerate(container.decode(stream))
                if number % every == 0
            ]
        if len(frames) >= 1.5 * PIECE_S[0] * RATE_HZ:
            found.append(frames)
    return found


def film(footage: list[list[ByteArray]], minutes: float, seed: int) -> Joined:
    """Return random pieces of the clips, joined."""
    random = np.random.default_rng(seed)
    joined = Joined()
    before = -1
    while len(joined.frames) < minutes * 60 * RATE_HZ:
        clip = int(random.choice([number for number in range(len(footage)) if number != before]))
        frames, before = footage[clip], clip
        n = min(round(random.uniform(*PIECE_S) * RATE_HZ), len(frames))
        start = int(random.integers(len(frames) - n + 1))
        kind: Kind = random.choice(list(SHARES), p=list(SHARES.values()))
        joined.add(frames[start : start + n], kind, int(random.integers(*FADE_FRAMES)))
    return joined


def encode(frames: list[ByteArray], path: Path) -> None:
    """Write the film."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options={"preset": "ultrafast", "crf": "26"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.time_base = Fraction(1, RATE_HZ)
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


@dataclass(slots=True)
class Outcome:
    """Cuts found in a film, in frames, and seconds of processor time for reading and for looking."""

    cuts: list[Cut] = field(default_factory=list)
    read_s: float = 0.0
    look_s: float = 0.0
    n_frames: int = 0


def look(path: Path) -> Outcome:
    """Look for the cuts of a film as the pose stage does."""
    source = probe(path, content_sha256(path)).source
    outcome, finder = Outcome(), CutFinder()
    before = time.process_time()
    with VideoReader(source) as reader:
        for number, frame in enumerate(frame for batch in reader.batches(1) for frame in batch):
            decoded = time.process_time()
            cut = finder.look(SmallPicture.of(frame.picture), number, frame.time_s)
            outcome.cuts += [] if cut is None else [cut]
            outcome.n_frames += 1
            outcome.read_s += decoded - before
            before = time.process_time()
            outcome.look_s += before - decoded
    return outcome


def compare(joints: list[tuple[Kind, int, int]], cuts: list[Cut]) -> Iterator[str]:
    """Yield what was found of each kind, and what was found without a joint."""
    left = list(cuts)
    for kind in SHARES:
        wanted = [joint for joint in joints if joint[0] == kind]
        n_found = 0
        for _, first, last in wanted:
            slack = SLACK_FRAMES[kind]
            hits = [cut for cut in left if first - slack <= cut.stop_pts <= last + slack]
            n_found += bool(hits)
            left = [cut for cut in left if cut not in hits[:1]]
            if not hits:
                yield f"  missed: {kind} at frame {first} to {last}"
        yield f"{kind}: {n_found} of {len(wanted)} found ({n_found / max(1, len(wanted)):.1%})"
    for cut in left:
        yield f"  false: {cut.kind} at frame {cut.start_pts} to {cut.stop_pts}"
    yield f"false: {len(left)}"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True), default=Path("../shared/data/videos"))
@click.option("--minutes", default=10.0, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(folder: Path, minutes: float, seed: int) -> None:
    """Join the clips of FOLDER at random and look for the cuts."""
    joined = film(clips(folder), minutes, seed)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "joined.mp4"
        encode(joined.frames, path)
        outcome = look(path)
    for line in compare(joined.joints, outcome.cuts):
        click.echo(line)
    per_frame = [1e3 * seconds / outcome.n_frames for seconds in (outcome.look_s, outcome.read_s)]
    click.echo(
        f"{outcome.n_frames / RATE_HZ / 60:.1f} minutes; {per_frame[0]:.2f} ms per frame to look, "
        f"{per_frame[1]:.2f} to read"
    )


if __name__ == "__main__":
    main()
