"""Makes what MediaPipe's task takes of two networks that lack what it asks for: how pixels become numbers.

Google's ``.task`` files say it, the networks inside mediapipe 0.10.21 do not. It is added here as they were trained:
the detector takes -1 to 1 (mean and deviation 127.5), the landmark network 0 to 1 (0 and 255).
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from vidpose.pose.models import PoseModels, write_task


def task_of(models: PoseModels) -> bytes:
    """Return a ``.task`` file of both networks, with the metadata that mediapipe's tasks ask for."""
    described = replace(
        models,
        detector=with_normalisation(models.detector, mean=127.5, deviation=127.5),
        landmarks=with_normalisation(models.landmarks, mean=0.0, deviation=255.0),
    )
    content = io.BytesIO()
    write_task(described, content)
    return content.getvalue()


def with_normalisation(network: bytes, mean: float, deviation: float) -> bytes:
    """Return the network with the metadata of an RGB image whose values become (x - mean) / deviation."""
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
    buffer.data = _packed(flatbuffers.Builder(), description, b"M001")
    model.buffers.append(buffer)
    entry = tflite.MetadataT()
    entry.name, entry.buffer = b"TFLITE_METADATA", len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    return _packed(flatbuffers.Builder(), model, b"TFL3")


def _packed(builder: Any, table: Any, identifier: bytes) -> bytes:
    builder.Finish(table.Pack(builder), identifier)
    return bytes(builder.Output())
