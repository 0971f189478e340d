"""BlazePose's two networks run by OpenVINO, with the steps of MediaPipe's graph around them in numpy."""
