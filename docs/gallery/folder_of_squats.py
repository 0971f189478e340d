"""A folder of squats: one table of the whole cohort.

Videos in, poses by BlazePose, and one row per video, person, metric and side out. Finished videos are not processed
again, so the script can be repeated when there are more videos.
"""

from pathlib import Path

import av
import matplotlib.pyplot as plt

import vidpose

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "public" / "mannequin_squat_raise.mp4"

# %%
# A folder of videos
# ------------------
# We cut three stretches out of the shipped sample. Yours is a folder with one video per athlete.


def cut(name, start_s, stop_s):
    """Copy a stretch of the sample into the folder."""
    (HERE / "squats").mkdir(exist_ok=True)
    with av.open(str(SAMPLE)) as source, av.open(str(HERE / "squats" / name), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        source.seek(int(start_s / stream.time_base), stream=stream)
        first = None
        for packet in source.demux(stream):
            if packet.pts is None or packet.pts * stream.time_base >= stop_s:
                continue
            first = packet.dts if first is None else first
            packet.pts, packet.dts, packet.stream = packet.pts - first, packet.dts - first, copy
            target.mux(packet)


if __name__ == "__main__":  # with several videos, processes may be started
    for number, start_s in enumerate((0.0, 4.0, 8.0)):
        cut(f"athlete_{number}.mp4", start_s, start_s + 4.0)

    # %%
    # Process
    # -------
    # ``no_video`` leaves the annotated videos out.

    report = vidpose.process(
        HERE / "squats",
        output=HERE / "output",
        models=HERE / "models",
        no_video=True,
        engine="inline",
        progress=lambda now: now.video and print(now.video, now.state),
    )
    print(report.totals)

    # %%
    # The cohort
    # ----------
    # One table of all metrics; those that are missing say why.

    results = vidpose.read(HERE / "models")
    cohort = results.cohort
    given = cohort[cohort.status == "ok"]
    print(given.pivot_table(index="video_id", columns="metric", values="value").iloc[:, :6].round(2).to_string())

    # %%
    # A single video is opened when it is asked for, so ten thousand of them cost no more to begin with.

    for name, video in results.items():
        knee = video.angle("knee_flexion_r")
        print(name, f"deepest squat {knee.value_deg[knee.valid].max():.0f} degrees")

    # %%
    # Plot
    # ----

    figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    for name, video in results.items():
        axes.plot(video.angle("knee_flexion_r").value_deg, label=name)
    axes.set(xlabel="time (s)", ylabel="right knee flexion (degrees)")
    axes.legend()
    figure.savefig(HERE / "images" / "folder_of_squats.png", dpi=80)
