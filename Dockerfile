# docker build -t vidpose . && docker run --rm -v "$PWD/videos:/in:ro" -v "$PWD/results:/out" vidpose
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE CHANGELOG.md constraints.txt pipeline.py ./
COPY vidpose vidpose
COPY configs configs
COPY public public
# without .git the version comes from here
ARG VERSION=0.1.0
ENV SETUPTOOLS_SCM_PRETEND_VERSION=${VERSION} PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/vidpose \
    && /opt/vidpose/bin/pip install --constraint constraints.txt hatch-vcs hatchling \
    && /opt/vidpose/bin/pip install --constraint constraints.txt --no-build-isolation .
# the networks of BlazePose: a run in this image needs no network
RUN XDG_CACHE_HOME=/opt/cache /opt/vidpose/bin/vidpose models fetch full

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 vidpose \
    && mkdir /in /out && chown vidpose /out
COPY --from=build /opt/vidpose /opt/vidpose
COPY --from=build /opt/cache /opt/cache
ENV PATH=/opt/vidpose/bin:$PATH XDG_CACHE_HOME=/opt/cache MPLCONFIGDIR=/tmp/matplotlib PYTHONUNBUFFERED=1
USER vidpose
WORKDIR /out
VOLUME ["/in", "/out"]
ENTRYPOINT ["vidpose"]
CMD ["run", "--offline", "--input", "/in", "--output", "/out/output", "--models", "/out/models"]
