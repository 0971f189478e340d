"""Make the landmarks that the gallery uses: ``python docs/gallery/data/make.py``.

``squats.npz``: the shipped sample, posed by BlazePose; a mannequin that squats seven times, seen from the right.
``walk.npz``: a mannequin that walks, its landmarks projected into a picture, with one pixel of noise.
"""

from fractions import Fraction
from pathlib import Path

import numpy as np

import vidpose
from synthetic.motions import Stand
from synthetic.scene import Actor, Camera, Scene, act, project
from synthetic.walking import Walk

HERE = Path(__file__).parent
SAMPLE = HERE.parents[2] / "public" / "mannequin_squat_raise.mp4"
SQUATS_S = 15.5


def squats() -> None:
    """Write the estimated landmarks of the squats, rounded to a tenth of a pixel."""
    poses = vidpose.estimate(SAMPLE)
    kept = poses.timestamps_s < SQUATS_S
    np.savez_compressed(
        HERE / "squats.npz",
        image_dpx=np.round(10 * poses.image_px[kept, 0]).astype(np.int16),
        visibility_pct=np.round(100 * poses.visibility[kept, 0]).astype(np.uint8),
        timestamps_s=poses.timestamps_s[kept],
        frame_size=poses.frame_size,
    )


def walk() -> None:
    """Write the landmarks of a walk."""
    actor = Actor((Stand(0.5), Walk(steps=10, step_s=0.5), Stand(0.5)), x_m=-3.2)
    scene = Scene((actor,), camera=Camera(stature_share=0.5), fps=Fraction(60), width_px=1600, height_px=720)
    image_px = project(scene, act(scene, actor)[1].landmarks_m)[0]
    image_px = image_px + np.random.default_rng(7).normal(size=image_px.shape)
    np.savez_compressed(
        HERE / "walk.npz",
        image_dpx=np.round(10 * image_px).astype(np.int16),
        timestamps_s=scene.times_s,
        frame_size=(1600, 720),
    )


if __name__ == "__main__":
    squats()
    walk()
