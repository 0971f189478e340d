"""Result folders of made-up videos: every metric of the dictionary, some withheld, with known numbers."""

import hashlib
import math
import random
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet as pq

from vidpose.biomech.metric_dictionary import DICTIONARY
from vidpose.results.metric_tables import PersonMetrics, write_metric_tables
from vidpose.results.video_result import Provenance
from vidpose.types.metrics import Event, MetricValue

WITHHELD = ("view", "no_height", "low_confidence", "no_events", "too_short")
_RANGES = {
    "rad": (-0.6, 1.9),
    "rad/s": (0.1, 3.0),
    "m": (0.05, 1.4),
    "m/s": (0.2, 4.0),
    "s": (0.08, 1.2),
    "1/s": (1.2, 3.2),
    "body_heights": (0.01, 0.9),
    "body_heights/s": (0.05, 2.5),
    "share": (-0.3, 0.9),
    "count": (2, 30),
    "none": (-4.0, 2.0),
    "score": (20, 99),
}


def made_value(row, side, rng, withheld_share=0.3):
    if rng.random() < withheld_share:
        return MetricValue(row.id, side, reason=rng.choice(WITHHELD), start_s=0.0, end_s=4.5)
    value = rng.uniform(*_RANGES[row.unit])
    if row.unit in ("count", "score") or row.decimals == 0:
        value = float(round(value)) if row.unit != "rad" else value
    uncertainty = 0.0 if row.unit == "count" else abs(value) * rng.uniform(0.01, 0.12)
    return MetricValue(row.id, side, value, uncertainty, "", 0.0, 4.5, rng.randint(2, 300))


def made_sha256(name):
    return hashlib.sha256(name.encode()).hexdigest()


def make_folder(models: Path, name: str, people=1, withheld_share=0.3):
    """Write the tables of one made-up video; the numbers follow from its name."""
    rng = random.Random(name)
    provenance = Provenance(name, made_sha256(name), 1, "0", {}, "made", {}, {})
    persons = []
    for person in range(people):
        values = tuple(made_value(row, side, rng, withheld_share) for row in DICTIONARY.values() for side in row.sides)
        events = tuple(
            Event(event, side, 0.4 + 0.5 * k, 12 + 15 * k, 0.01)
            for event in ("foot_strike", "toe_off")
            for side in ("left", "right")
            for k in range(rng.randint(2, 9))
        )
        persons.append(PersonMetrics(person, values, events))
    folder = models / name
    write_metric_tables(folder, persons, DICTIONARY, provenance)
    write_angles(folder / "angles.parquet", people, rng)
    return folder


def write_angles(path, people, rng, n_frames=120):
    columns = {name: [] for name in ("person", "time_s", "angle", "value_deg", "status", "valid")}
    for person in range(people):
        for angle in ("knee_flexion_l", "knee_flexion_r", "hip_flexion_l", "trunk"):
            depth, status = rng.uniform(40, 120), "withheld_view" if angle == "hip_flexion_l" else "measured"
            for frame in range(n_frames):
                columns["person"].append(person)
                columns["time_s"].append(round(frame / 30, 6))
                columns["angle"].append(angle)
                value = depth * math.sin(math.pi * frame / n_frames)
                columns["value_deg"].append(value if status == "measured" else None)
                columns["status"].append(status)
                columns["valid"].append(status == "measured")
    table = pa.table(columns).set_column(2, "angle", pa.array(columns["angle"]).dictionary_encode())
    table = table.set_column(4, "status", pa.array(columns["status"]).dictionary_encode())
    pq.write_table(table, path)
