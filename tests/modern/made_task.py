"""Make a ``.task`` file of the two networks that the mediapipe 0.10.21 wheel carries.

Its networks lack what newer versions of mediapipe ask for: how pixels become numbers. That is added here, as the two
networks were trained: the detector takes -1 to 1 (mean and deviation 127.5), the landmark network 0 to 1 (0 and 255).

Run as: python tests/modern/made_task.py OUT.task
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from vidpose.pose.models import PoseModels, installed_models, models_in_package, write_task

WHEEL = "mediapipe==0.10.21"


def make(file):
    """Write the file, of the networks of the installed wheel, or of one that is downloaded for it."""
    with tempfile.TemporaryDirectory() as scratch:
        models = installed_models(1) or downloaded(Path(scratch))
        detector = with_normalisation(models.detector, mean=127.5, deviation=127.5)
        landmarks = with_normalisation(models.landmarks, mean=0.0, deviation=255.0)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_task(PoseModels(detector, landmarks, "detector", "landmarks", str(file)), file)


def downloaded(folder):
    """Download the wheel, whatever Python runs here, and read its networks."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*pip, "--python-version", "311", "--dest", str(folder), WHEEL], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.endswith(".tflite")])
    models = models_in_package(folder / "mediapipe" / "modules", 1, WHEEL)
    assert models is not None, f"{wheel.name} carries no full model"
    return models


def with_normalisation(network, mean, deviation):
    """Return the network with the metadata that mediapipe's tasks ask for: an RGB image, (x - mean) / deviation."""
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as described
    from mediapipe.tasks.metadata import schema_py_generated as tflite

    options = described.NormalizationOptionsT()
    options.mean, options.std = [mean], [deviation]
    step = described.ProcessUnitT()
    step.optionsType, step.options = described.ProcessUnitOptions.NormalizationOptions, options
    picture = described.ImagePropertiesT()
    picture.colorSpace = described.ColorSpaceType.RGB
    content = described.ContentT()
    content.contentPropertiesType, content.contentProperties = described.ContentProperties.ImageProperties, picture
    tensor = described.TensorMetadataT()
    tensor.content, tensor.processUnits = content, [step]
    graph = described.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    description = described.ModelMetadataT()
    description.subgraphMetadata = [graph]

    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAsModel(network, 0))
    buffer = tflite.BufferT()
    buffer.data = packed(flatbuffers.Builder(), description, b"M001")
    model.buffers.append(buffer)
    entry = tflite.MetadataT()
    entry.name, entry.buffer = b"TFLITE_METADATA", len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    return packed(flatbuffers.Builder(), model, b"TFL3")


def packed(builder, table, identifier):
    builder.Finish(table.Pack(builder), identifier)
    return bytes(builder.Output())


if __name__ == "__main__":
    make(Path(sys.argv[1]))
