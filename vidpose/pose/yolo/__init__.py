"""YOLO networks of ultralytics, converted once and then run by OpenVINO alone: people's boxes, or COCO-17 poses."""
