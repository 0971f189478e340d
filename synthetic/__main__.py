"""Make sample clips: ``python -m synthetic --help``."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import click

from synthetic.clip import write_clip
from synthetic.crossings import alone, crossing_scenes
from synthetic.jumping import jumping_scenes
from synthetic.motions import ArmRaises, Squats
from synthetic.pacing import paced_scenes
from synthetic.sample import Variant, build_scene
from synthetic.scene import Scene
from vidpose.errors import UsageError

SAMPLE: Final = Path("public/mannequin_squat_raise.mp4")
SCENES: Final = crossing_scenes() | paced_scenes() | jumping_scenes()
_WITH_A_SCENE: Final = {"output", "scene", "alone", "silent", "crf"}


@click.command(context_settings={"show_default": True, "max_content_width": 110})
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Clip to write; its truth goes beside it as .truth.json.  [default: {SAMPLE}, or the scene's name]",
)
@click.option("--scene", type=click.Choice(list(SCENES)), help="A ready-made scene instead of the sample's variants.")
@click.option(
    "--alone", type=click.IntRange(0), help="Only the person with this number in the truth.  [default: everybody]"
)
@click.option("--list", "listed", is_flag=True, help="List the ready-made scenes and stop.")
@click.option("--motion", type=click.Choice(["sample", "squats", "arm_raises", "march", "stand"]), default="sample")
@click.option(
    "--reps", type=click.IntRange(1, 100), help="Repetitions of each exercise.  [default: 6 squats, 4 raises]"
)
@click.option(
    "--period_s", type=click.FloatRange(0.4), help="Seconds per repetition.  [default: 2.2 squats, 2.0 raises]"
)
@click.option("--speed", type=click.FloatRange(0.1, 10.0), default=1.0, help="Factor on the speed of all movements.")
@click.option(
    "--depth_deg", type=click.FloatRange(5.0, 140.0), default=100.0, help="Knee flexion at the squat's bottom."
)
@click.option("--depth_drift_deg", type=float, default=-2.0, help="Added to the depth with each later squat.")
@click.option("--trunk_lean_deg", type=click.FloatRange(0.0, 80.0), default=38.0, help="Lean at the squat's bottom.")
@click.option(
    "--knee_valgus_deg", type=click.FloatRange(-40.0, 15.0), default=0.0, help="Knees inwards; they meet at about 10."
)
@click.option(
    "--squat_asymmetry_deg", type=click.FloatRange(0.0, 15.0), default=0.0, help="Left knee bends less by this."
)
@click.option("--top_deg", type=click.FloatRange(20.0, 180.0), default=168.0, help="Arm elevation at the raise's top.")
@click.option(
    "--raise_asymmetry_deg", type=click.FloatRange(0.0, 90.0), default=8.0, help="Left arm stays lower by this."
)
@click.option(
    "--yaw_deg", type=float, default=0.0, help="Camera moved round the stage; 0 shows the person's right side."
)
@click.option("--facing_deg", type=float, default=0.0, help="First heading: 0 right, 90 camera, 180 left, 270 away.")
@click.option("--distance_m", type=click.FloatRange(2.5, 100.0), default=6.0, help="Camera to stage centre.")
@click.option("--stature_share", type=click.FloatRange(0.1, 0.95), default=0.69, help="Person's share of the height.")
@click.option("--people", type=click.IntRange(1, 5), default=1, help="Number of persons.")
@click.option("--occlude", is_flag=True, help="Put a pillar in front.")
@click.option("--size", default="1280x720", help="Width x height, pixels, both even.")
@click.option("--fps", default="30", help="Frame rate, also as a fraction such as 30000/1001.")
@click.option(
    "--duration_s", type=click.FloatRange(0.05), help="Cut or hold the clip.  [default: until all have finished]"
)
@click.option("--silent", is_flag=True, help="Leave out the metronome.")
@click.option("--crf", type=click.IntRange(0, 51), default=25, help="Quality of H.264; less is better and larger.")
@click.pass_context
def main(context: click.Context, /, output: Path | None, listed: bool, silent: bool, crf: int, **options: Any) -> None:
    """Draw a clip of mannequins whose joint angles are known."""
    if listed:
        click.echo(scene_list())
        return
    try:
        name, person = options.pop("scene"), options.pop("alone")
        variant = name is None and person is None
        scene = scene_from(options) if variant else ready_made(name, person, _given(context))
        video = output or (Path(f"{name}.mp4") if name else SAMPLE)
        truth = write_clip(scene, video, sound=not silent, quality_crf=crf)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{video}\n{truth}")


def scene_list() -> str:
    """Return a line per ready-made scene: name, persons, size, rate and length."""
    return "\n".join(
        f"{name:14} {len(scene.actors)} person(s), {scene.width_px}x{scene.height_px}, {scene.fps} fps, "
        f"{float(scene.n_frames / scene.fps):.1f} s"
        for name, scene in SCENES.items()
    )


def ready_made(name: str | None, person: int | None, given: set[str]) -> Scene:
    """Return a ready-made scene, or one ``person`` (from 0) of it; ``given`` are the options on the command line."""
    if name is None:
        raise UsageError("--alone: expected a --scene whose person is meant")
    others = sorted(given - _WITH_A_SCENE)
    if others:
        raise UsageError(f"--scene {name} is ready-made; leave out " + ", ".join(f"--{other}" for other in others))
    scene = SCENES[name]
    if person is None:
        return scene
    if person >= len(scene.actors):
        raise UsageError(f"--alone {person}: expected 0 to {len(scene.actors) - 1}, the persons of {name}")
    return alone(scene, person)


def scene_from(options: dict[str, Any]) -> Scene:
    """Return the scene that the command line's options describe."""
    base = Variant()
    paces = {"reps": options["reps"], "period_s": options["period_s"]}
    pace = {name: value for name, value in paces.items() if value is not None}
    width_px, height_px = _size(options["size"])
    variant = Variant(
        motion=options["motion"],
        squats=Squats(
            tempo=replace(base.squats.tempo, **pace),
            depth_deg=options["depth_deg"],
            depth_drift_deg=options["depth_drift_deg"],
            trunk_lean_deg=options["trunk_lean_deg"],
            knee_valgus_deg=options["knee_valgus_deg"],
            asymmetry_deg=options["squat_asymmetry_deg"],
        ),
        raises=ArmRaises(
            tempo=replace(base.raises.tempo, **pace),
            top_deg=options["top_deg"],
            asymmetry_deg=options["raise_asymmetry_deg"],
        ),
        camera=replace(
            base.camera,
            yaw_deg=options["yaw_deg"],
            distance_m=options["distance_m"],
            stature_share=options["stature_share"],
        ),
        speed=options["speed"],
        people=options["people"],
        occlude=options["occlude"],
        facing_deg=options["facing_deg"],
        width_px=width_px,
        height_px=height_px,
        fps=_rate(options["fps"]),
    )
    return replace(build_scene(variant), duration_s=options["duration_s"])


def _given(context: click.Context) -> set[str]:
    sources = {name: context.get_parameter_source(name) for name in context.params}
    return {name for name, source in sources.items() if source is click.core.ParameterSource.COMMANDLINE}


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise UsageError(f"--size {text}: expected width x height such as 1280x720")
    return int(width), int(height)


def _rate(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise UsageError(f"--fps {text}: expected a number or a fraction such as 30000/1001") from error


if __name__ == "__main__":
    main()
